"""The submitter ID: eight random letters or digits and two check letters that catch any one or two mistyped ones.

No vowels (no words), and nothing that is mistaken for something else when read aloud or from paper.
"""

from collections.abc import Sequence

# 23 signs: a prime, so that every difference of two places has an inverse and two check letters catch two mistakes.
ALPHABET = "CDFGHJKMNPQRTVWXY346789"
RANDOM_LENGTH = 8
LENGTH = RANDOM_LENGTH + 2


def submitter_id(values: Sequence[int]) -> str:
    """The ID for eight numbers below 23, drawn by the caller. Raises ValueError for any other."""
    if len(values) != RANDOM_LENGTH or not all(0 <= value < len(ALPHABET) for value in values):
        raise ValueError(f"{RANDOM_LENGTH} numbers below {len(ALPHABET)}.")
    size = len(ALPHABET)
    # The last two are solved for: the sum, and the sum weighted by place, are both zero modulo 23.
    plain, weighted = sum(values), sum(place * value for place, value in enumerate(values, 1))
    last = (9 * plain - weighted) % size
    last_but_one = (-plain - last) % size
    return "".join(ALPHABET[value] for value in (*values, last_but_one, last))


def is_well_formed(text: str) -> bool:
    """Whether the check letters fit; says nothing about whether the ID was issued."""
    if len(text) != LENGTH or not set(text) <= set(ALPHABET):
        return False
    values = [ALPHABET.index(sign) for sign in text]
    plain, weighted = sum(values), sum(place * value for place, value in enumerate(values, 1))
    return plain % len(ALPHABET) == 0 and weighted % len(ALPHABET) == 0
