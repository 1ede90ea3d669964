"""What the programs remind a person of in the same words: so that a calendar which is told by both shows it once."""


def sign_in_by(issuer: str, client_id: str, subject: str) -> str:
    """Names the day by which somebody signs in to an application (I-3), for whoever digests it into an identifier."""
    return f"{issuer.rstrip('/')} {client_id} {subject} sign-in-by"
