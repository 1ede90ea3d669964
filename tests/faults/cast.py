"""Whoever walks through the faults: as many fictitious people as a test wants, each of whom the bureau verifies."""

from dataclasses import dataclass
from pathlib import Path

GIVEN = (
    "Ada", "Bram", "Cleo", "Dario", "Edda", "Finn", "Greta", "Hugo", "Ines", "Jonas", "Kira", "Levi", "Maren", "Nils",
    "Olga", "Piet", "Quinn", "Rosa", "Sven", "Thea", "Ulla", "Veit", "Wanda", "Xaver", "Yara", "Zeno",
)  # fmt: skip
FAMILY = (
    "Alder", "Birch", "Cedar", "Dogwood", "Elm", "Fir", "Ginkgo", "Hazel", "Ivy", "Juniper", "Katsura", "Larch",
    "Maple", "Nutmeg", "Olive", "Poplar", "Quince", "Rowan", "Spruce", "Tamarack", "Umbrella", "Viburnum", "Willow",
    "Yew", "Zelkova", "Aspen", "Beech", "Cypress", "Dawn", "Ebony", "Fig", "Gum", "Holly", "Ironwood", "Jujube",
)  # fmt: skip
MOST_PEOPLE = len(GIVEN) * len(FAMILY)
PASSWORD = "Quiet-Harbor-4711-Lantern"
ANSWER = "a quiet street with poplars"


@dataclass(frozen=True)
class Facts:
    """What one person types when registering; `birth` is (month, day, year)."""

    first: str
    last: str
    birth: tuple[str, str, str]
    ssn: str
    email: str
    phone: str
    user_id: str
    address: str = "12 Larkspur Lane"
    city: str = "Orlando"
    state: str = "FL"
    zip: str = "32801"
    password: str = PASSWORD
    answer: str = ANSWER


def somebody(number: int) -> Facts:
    """The person of that number, always the same; areas 901 and above were never issued."""
    assert 0 <= number < MOST_PEOPLE
    first, last = GIVEN[number % len(GIVEN)], FAMILY[number // len(GIVEN)]
    word = f"{first}.{last}".lower()
    return Facts(
        first=first,
        last=last,
        birth=(f"{number % 12 + 1:02}", f"{number % 27 + 1:02}", str(1950 + number % 50)),
        ssn=f"901{number:03}{417 + number % 500:03}",
        email=f"{word}@faults.example",
        phone=f"202555{number:04}",
        user_id=word,
    )


def write_people(path: Path, people: list[Facts]) -> Path:
    """A people file for the bureau in which each of them is verified at once."""
    path.write_text("\n".join(map(_entry, people)))
    return path


def _entry(one: Facts) -> str:
    month, day, year = one.birth
    return f"""
[[person]]
part = "verified"
first_name = "{one.first}"
last_name = "{one.last}"
birth_date = "{year}-{month}-{day}"
ssn = "{one.ssn}"
phone = "{one.phone}"
address = {{ line1 = "{one.address}", line2 = "", city = "{one.city}", state = "{one.state}", zip = "{one.zip}" }}
"""
