"""What is left to see of an address that is not the reader's own (A-3, H-3). Pure."""

LAST = 2


def masked_email(address: str) -> str:
    """The first letter and the domain: enough to confirm a known address, not enough to write to an unknown one."""
    name, at, domain = address.partition("@")
    return f"{name[:1]}•••{at}{domain}" if name and at else ""


def masked_phone(digits: str) -> str:
    """The last two digits."""
    return f"•••{digits[-LAST:]}" if digits else ""
