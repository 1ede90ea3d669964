"""The parameters of a request, as they came: which ones, how often, in which characters."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.http import QueryDict


@dataclass(frozen=True)
class Parameters:
    """Each parameter's value; the names that came more than once; whether anything but printable ASCII came."""

    values: Mapping[str, str]
    doubled: frozenset[str] = field(default_factory=frozenset)
    is_plain: bool = True

    def get(self, name: str) -> str:
        """The value, "" where it was left out (RFC 6749, 3.1: the same)."""
        return self.values.get(name, "")


def parameters_of(query: QueryDict) -> Parameters:
    values = {name: given[-1] for name, given in query.lists()}
    doubled = frozenset(name for name, given in query.lists() if len(given) > 1)
    texts = [text for name, given in query.lists() for text in (name, *given)]
    return Parameters(values, doubled, all(text.isascii() and text.isprintable() for text in texts))
