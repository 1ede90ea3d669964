"""What the people of the fictitious world answer, form by form (development runs only). Pure."""

from typing import Any

from bailiwick.spot.payers.port import LineOfBusiness, Provider

NEW_OFFICE, NEW_THIRD_PARTY = "new-provider-office", "new-billing-service"
UPDATE, CHANGE, OWN_CHANGE = "update", "enrollment-change", "third-party-change"
PEOPLE = ("contact", "approver", "backup")


def answers_for(
    kind: str, entry: dict[str, Any], provider: Provider, *, submitter_ids: dict[str, str]
) -> dict[str, str]:
    """What somebody who has the letter of the payer before them answers; those that the form does not ask are left out later."""
    people = {f"{who}_{part}": entry[who][part] for who in PEOPLE if who in entry for part in entry[who]}
    own = {
        NEW_OFFICE: _of_an_office,
        NEW_THIRD_PARTY: _of_a_third_party,
        UPDATE: _of_an_update,
        CHANGE: _of_a_change,
        OWN_CHANGE: _of_a_third_partys_change,
    }[kind]
    there = {
        "submitter_id": submitter_ids.get(entry.get("of", ""), ""),
        "submitter_name": provider.legal_name,
    }
    has_list = {"has_list": "yes" if "rows" in entry else "no"}
    return (
        people
        | _official(entry, provider)
        | there
        | has_list
        | own(entry, provider)
        | entry.get("answers", {})
    )


def row_for(provider: Provider, entry: dict[str, str]) -> dict[str, str]:
    """A line of a list about a provider of the payer's file."""
    return {
        "name": provider.legal_name,
        "ptan": provider.ptan,
        "npi": provider.npi,
        "tin": provider.tin,
        "line_of_business": _line(provider),
        "state": provider.state,
        "services": "837",
        "era": "keep",
        **{column: text for column, text in entry.items() if column != "provider"},
    }


def _official(entry: dict[str, Any], provider: Provider) -> dict[str, str]:
    official = provider.officials[0]
    return {
        "official_name": official.name,
        "official_title": official.title,
        "official_email": entry.get("official_email", official.mailbox),
        "official_standing": official.standing.value,
    }


def _line(provider: Provider) -> str:
    return "A" if provider.line_of_business is LineOfBusiness.PART_A else "B"


def _group(provider: Provider) -> dict[str, str]:
    return {
        "state_or_territory": provider.state,
        "line_of_business": _line(provider),
        "group_name": provider.legal_name,
        "group_ptan": provider.ptan,
        "group_npi": provider.npi,
        "tin": provider.tin,
    }


def _address(entry: dict[str, Any], provider: Provider) -> dict[str, str]:
    return {
        "tin_tag": entry.get("tin_tag", "ein"),
        "address_line_1": provider.address,
        "city": provider.city,
        "address_state": provider.state,
        "zip": provider.zip,
    }


def _of_an_office(entry: dict[str, Any], provider: Provider) -> dict[str, str]:
    return (
        _group(provider)
        | _address(entry, provider)
        | {
            "request_type": "new",
            "has_backup": "no",
            "claims_sender": "provider",
            "claims_837": "yes",
            "pc_ace": "no",
            "era": "keep",
        }
    )


def _of_a_third_party(entry: dict[str, Any], provider: Provider) -> dict[str, str]:
    return _address(entry, provider) | {
        "group_name": provider.legal_name,
        "tin": provider.tin,
        "company_phone": provider.phone,
        "technical_name": "File Desk",
        "technical_phone": provider.phone,
        "technical_email": provider.contact_mailbox,
        "vendor_list": "no",
        "has_backup": "no",
    }


def _of_an_update(_entry: dict[str, Any], provider: Provider) -> dict[str, str]:
    return {
        "organization_type": "provider_office",
        "group_ptan": provider.ptan,
        "group_npi": provider.npi,
        "tin": provider.tin,
        "approver_change": "keep",
        "backup_change": "keep",
        "name_change": "no",
        "address_change": "no",
    }


def _of_a_change(_entry: dict[str, Any], provider: Provider) -> dict[str, str]:
    return _group(provider) | {"request_type": "claims", "claims_837": "yes", "era": "keep"}


def _of_a_third_partys_change(entry: dict[str, Any], provider: Provider) -> dict[str, str]:
    return _of_a_third_party(entry, provider) | {"contacts_change": "yes"}
