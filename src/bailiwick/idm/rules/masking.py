"""What is left to see of a value that is not the reader's own (A-3, H-3). Pure."""

LAST_OF_SSN = 5


def last_five(ssn: str) -> str:
    """What staff may see of an SSN: the last five digits, and nothing of it before somebody reveals them."""
    return f"•••-•{ssn[-LAST_OF_SSN:-4]}-{ssn[-4:]}" if ssn else ""
