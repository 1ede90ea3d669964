"""A payer file for journeys: the sample's providers, a group with 300 more under its TIN, and clients of a billing service."""

from pathlib import Path

from stdnum import luhn

from bailiwick.spot.payers.embedded import SAMPLE
from bailiwick.spot.rules.answers import NPI_ISSUER

GROUP = "Calusa Coast Health Group"
GROUP_TIN, BILLED_BY = "900450130", "TW0417"
AFFILIATED, MIGRATED = 300, 20
ENTRY = """
[[provider]]
legal_name = "{name}"
ptan = "{ptan}"
npi = "{npi}"
tin = "{tin}"
line_of_business = "B"
address = "9 Shell Mound Road"
city = "Fort Myers"
state = "FL"
zip = "33901"
contact_mailbox = "office@calusacoast.example"
phone = "2025550191"
submitter_ids = [{ids}]
officials = [
    {{ name = "Iris Delmar", title = "Owner", mailbox = "iris.delmar@calusacoast.example", standing = "authorized" }},
]
"""


def npi(number: int) -> str:
    """A National Provider Identifier like no other, with its check digit."""
    digits = f"1{number:08}"
    return digits + str(luhn.calc_check_digit(NPI_ISSUER + digits))


def affiliated(number: int) -> dict[str, str]:
    """One of the group's providers; 0 is the group itself."""
    name = f"Calusa Coast Clinic {number:03}" if number else GROUP
    return {"name": name, "ptan": f"CC{1000 + number}", "npi": npi(70000000 + number), "tin": GROUP_TIN}


def client(number: int) -> dict[str, str]:
    """A provider for whom the billing service works outside SPOT."""
    return {
        "name": f"Marsh Road Practice {number:02}",
        "ptan": f"MR{1000 + number}",
        "npi": npi(71000000 + number),
        "tin": f"9004503{number:02}",
    }


def write_payer_file(path: Path) -> Path:
    entries = [ENTRY.format(**affiliated(number), ids="") for number in range(AFFILIATED + 1)]
    entries += [ENTRY.format(**client(number), ids=f'"{BILLED_BY}"') for number in range(MIGRATED)]
    path.write_text(SAMPLE.read_text() + "".join(entries))
    return path
