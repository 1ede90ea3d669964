"""Finding organizations and people by how their words begin, in whatever case, accents and order (B-1, B-2). Pure."""

import unicodedata

FEWEST_SIGNS = 3
MOST_WORDS = 6
JOINERS = frozenset("'.")


def words_of(text: str) -> tuple[str, ...]:
    """The words of a text without case, accents and punctuation: "St. Mary's – Tampa" is st, marys, tampa."""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return tuple("".join(_kept(sign) for sign in plain).split())


def search_key(*texts: str, longest: int) -> str:
    """What a row is found by: each word after a space, so that " word" is where one begins."""
    words = dict.fromkeys(word for text in texts for word in words_of(text))
    return "".join(f" {word}" for word in words)[:longest]


def sought(text: str) -> tuple[str, ...]:
    """The beginnings of words that a search is for; () where there are too few signs to look for."""
    words = words_of(text)[:MOST_WORDS]
    return words if sum(len(word) for word in words) >= FEWEST_SIGNS else ()


def _kept(sign: str) -> str:
    if unicodedata.category(sign) in {"Mn", "Cf"} or sign in JOINERS:
        return ""
    return sign if unicodedata.category(sign)[0] in "LN" else " "
