"""Where a network is, by a file that the operator supplies; else its prefix (S-7). No network call is ever made.

Each line of the file: a network and a place, with a comma between, like `192.0.2.0/24, Orlando, FL`; behind an `@` may
stand where that is, in degrees north and east, like `@ 28.54 -81.38`: the sharing radar needs it (H-6). The most exact
network counts. Empty lines and lines that begin with # are passed over. Any other line stops the start, by number.
"""

import ipaddress
from dataclasses import dataclass, field
from pathlib import Path

from bailiwick.idm.rules.devices import network_prefix

LONGEST_PLACE = 80
NORTH_MOST, EAST_MOST = 90.0, 180.0


class PlacesFileError(ValueError):
    """The file does not hold what it should; the words name the line."""


@dataclass
class Places:
    """`networks`: {(IP version, prefix length): {network address as a number: place}}; `coordinates`: those of a place."""

    networks: dict[tuple[int, int], dict[int, str]] = field(default_factory=dict)
    coordinates: dict[str, tuple[float, float]] = field(default_factory=dict)

    def of(self, address: str) -> str:
        """The place of that network address, else its prefix; "" for what is no address."""
        try:
            parsed = ipaddress.ip_address(address)
        except ValueError:
            return ""
        parsed = getattr(parsed, "ipv4_mapped", None) or parsed
        for version, length in sorted(self.networks, reverse=True):
            if version == parsed.version:
                shift = parsed.max_prefixlen - length
                place = self.networks[version, length].get(int(parsed) >> shift << shift)
                if place:
                    return place
        return network_prefix(address)


def places_from(path: Path | None) -> Places:
    """Read the operator's file; none: no places. Raises PlacesFileError, and OSError where it cannot be read."""
    places = Places()
    lines = path.read_text(encoding="utf-8").splitlines() if path else []
    for number, line in enumerate(lines, start=1):
        if line.strip() and not line.lstrip().startswith("#"):
            _take(places, line, number)
    return places


def _take(places: Places, line: str, number: int) -> None:
    network_text, _comma, rest = (part.strip() for part in line.partition(","))
    place, _at, where = (part.strip() for part in rest.partition("@"))
    try:
        network = ipaddress.ip_network(network_text)
    except ValueError as error:
        raise PlacesFileError(f"Line {number} of the places file: {error}") from error
    if not place or len(place) > LONGEST_PLACE:
        raise PlacesFileError(
            f"Line {number} of the places file: a place has 1 to {LONGEST_PLACE} characters"
        )
    table = places.networks.setdefault((network.version, network.prefixlen), {})
    table[int(network.network_address)] = place
    if where:
        places.coordinates[place] = _coordinates(where, number)


def _coordinates(where: str, number: int) -> tuple[float, float]:
    try:
        north, east = map(float, where.split())
    except ValueError as error:
        raise PlacesFileError(f"Line {number} of the places file: behind @ stand two numbers") from error
    if not (abs(north) <= NORTH_MOST and abs(east) <= EAST_MOST):
        raise PlacesFileError(f"Line {number} of the places file: no such degrees")
    return north, east
