"""What is left to see of a value that is not the reader's own (A-3, H-3). Pure."""

LAST = 2
LAST_OF_SSN = 5


def masked_email(address: str) -> str:
    """The first letter and the domain: enough to confirm a known address, not enough to write to an unknown one."""
    name, at, domain = address.partition("@")
    return f"{name[:1]}•••{at}{domain}" if name and at else ""


def masked_phone(digits: str) -> str:
    """The last two digits."""
    return f"•••{digits[-LAST:]}" if digits else ""


def last_five(ssn: str) -> str:
    """What staff may see of an SSN: the last five digits, and nothing of it before somebody reveals them."""
    return f"•••-•{ssn[-LAST_OF_SSN:-4]}-{ssn[-4:]}" if ssn else ""
