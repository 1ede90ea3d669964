"""The form beside the payer file, line by line (B-1): what the form says, what is on file, and whether that is the same."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bailiwick.ground.pages.languages import translated
from bailiwick.spot.enrollment.queries import record_with
from bailiwick.spot.forms import queries
from bailiwick.spot.forms.answer_words import as_read
from bailiwick.spot.forms.listwords import LEFT_OUT
from bailiwick.spot.forms.models import Case
from bailiwick.spot.payers.port import Match, Official, Outcome, Provider, bare
from bailiwick.spot.rules.enrolling import address_of, changes_of
from bailiwick.spot.rules.lists import OnFile, RowsOnFile
from bailiwick.spot.rules.schema import Field, FieldType
from bailiwick.spot.rules.signing import mailbox_key, name_key

VISIBLE_OF_A_TIN = 4
MOST_LEFT = 100
COLUMNS = (
    gettext_lazy("What"),
    gettext_lazy("On the form"),
    gettext_lazy("In the payer file"),
    gettext_lazy("Match"),
)
LEFT_COLUMNS = (
    gettext_lazy("Provider"),
    gettext_lazy("PTAN"),
    gettext_lazy("NPI"),
    gettext_lazy("Why it would be left out"),
)
STANDINGS = {
    "authorized": gettext_lazy("Authorized official"),
    "delegated": gettext_lazy("Delegated official"),
}
RECORD_WORDS = {
    "approver": gettext_lazy("Approver"),
    "backup": gettext_lazy("Backup approver"),
    "legal_name": gettext_lazy("Legal business name"),
    "address": gettext_lazy("Address"),
    "city": gettext_lazy("City"),
    "state": gettext_lazy("State or territory"),
    "zip": gettext_lazy("ZIP code"),
    "phone": gettext_lazy("Phone"),
}


@dataclass(frozen=True)
class Line:
    """`same` is None where there is nothing to compare: form or file has no such thing, or the file could not be asked."""

    what: str | Promise
    on_form: str
    on_file: str = ""
    same: bool | None = None


def standing_in_words(standing: str) -> str:
    """By what right an official signs; "" for none."""
    return str(STANDINGS.get(standing, standing))


def masked(tin: str) -> str:
    """The last four digits (A-3): a TIN may be somebody's SSN."""
    return f"•••••{tin[-VISIBLE_OF_A_TIN:]}" if tin else ""


def read(field: Field, answer: str) -> str:
    """An answer in words: a choice's label, Yes and No, the last four of a TIN."""
    return masked(answer) if field.type is FieldType.TIN else as_read(field, answer)


def lines(answers: Mapping[str, str], on_file: Outcome) -> list[Line]:
    """Numbers and names of the provider, its address and phone, and its official; nothing that neither side has."""
    provider = on_file.provider if isinstance(on_file, Match) else None
    found = [*_numbers(answers, provider), *_place(answers, provider), *_official(answers, provider)]
    return [line for line in found if line.on_form or line.on_file]


def record_lines(answers: Mapping[str, str]) -> list[tuple[str | Promise, str, str]]:
    """(what, on record, after the form) of everything that an update changes (F-12)."""
    record, changes = record_with(answers.get("submitter_id", "")), changes_of(answers)
    if record is None:
        return []
    told = []
    for name, words in RECORD_WORDS.items():
        if name in changes:
            new = changes[name]
            old = getattr(record, f"{name}_name", "") or getattr(record, name, "")
            mailbox = getattr(record, f"{name}_email", "")
            after = f"{new['name']}, {new['email']}" if isinstance(new, dict) else new or "–"
            told.append((words, ", ".join(filter(None, (old, mailbox))) or "–", after))
    return told


def officials(on_file: Outcome) -> list[tuple[Official, str]]:
    """Everybody who may sign for the provider, as the payer has them, and by what right."""
    found = on_file.provider.officials if isinstance(on_file, Match) else ()
    return [(one, standing_in_words(one.standing.value)) for one in found]


def _numbers(answers: Mapping[str, str], provider: Provider | None) -> list[Line]:
    tin = answers.get("tin", "")
    typed = [
        (_("Legal business name"), answers.get("group_name", ""), "legal_name", name_key),
        (_("Group PTAN"), answers.get("group_ptan", ""), "ptan", bare),
        (_("Group NPI"), answers.get("group_npi", ""), "npi", bare),
        (_("Line of business (Part)"), answers.get("line_of_business", ""), "line_of_business", str),
    ]
    found = [
        _line(what, said, str(getattr(provider, name) or "") if provider else "", key)
        for what, said, name, key in typed
    ]
    same_tin = None if provider is None else bare(tin) == bare(provider.tin)
    return [
        *found,
        Line(_("TIN, last four"), masked(tin), masked(provider.tin) if provider else "", same_tin),
    ]


def _place(answers: Mapping[str, str], provider: Provider | None) -> list[Line]:
    typed = [
        (_("Address"), address_of(answers), "address"),
        (_("City"), answers.get("city", ""), "city"),
        (_("State or territory"), answers.get("address_state", ""), "state"),
    ]
    found = [
        _line(what, said, getattr(provider, name) if provider else "", name_key) for what, said, name in typed
    ]
    phone = _line(_("Phone"), answers.get("contact_phone", ""), provider.phone if provider else "", bare)
    mailbox = provider.contact_mailbox if provider else ""
    # A payer may hold five digits where somebody types nine.
    area = _line(
        _("ZIP code"), answers.get("zip", ""), provider.zip if provider else "", lambda code: code[:5]
    )
    return [
        *found,
        area,
        phone,
        _line(_("Contact e-mail"), answers.get("contact_email", ""), mailbox, mailbox_key),
    ]


def _official(answers: Mapping[str, str], provider: Provider | None) -> list[Line]:
    """Beside the official on file who has the form's mailbox, else the form's name: the nearest one to compare with."""
    name, mailbox = answers.get("official_name", ""), answers.get("official_email", "")
    nearest = _nearest(provider, name=name, mailbox=mailbox)
    standing = standing_in_words(nearest.standing.value) if nearest else ""
    said = standing_in_words(answers.get("official_standing", ""))
    found = [
        _line(_("Official, name"), name, nearest.name if nearest else "", name_key),
        _line(_("Official, e-mail"), mailbox, nearest.mailbox if nearest else "", mailbox_key),
        _line(
            _("Official, title"),
            answers.get("official_title", ""),
            nearest.title if nearest else "",
            name_key,
        ),
        _line(_("Official is"), said, standing, str),
    ]
    if provider is not None and nearest is None:
        return [Line(one.what, one.on_form, "", same=False) for one in found]
    return found


def _nearest(provider: Provider | None, *, name: str, mailbox: str) -> Official | None:
    if provider is None:
        return None
    by_mailbox = [
        one for one in provider.officials if one.mailbox and mailbox_key(one.mailbox) == mailbox_key(mailbox)
    ]
    by_name = [one for one in provider.officials if name_key(one.name) == name_key(name)]
    return next(iter([*by_mailbox, *by_name]), None)


def _line(what: str, said: str, on_file: str, key: Callable[[str], str]) -> Line:
    same = key(said) == key(on_file) if said and on_file else None
    return Line(what, said, on_file, same)


def listed(case: Case, on_file: RowsOnFile | None) -> dict[str, Any]:
    """The list of the form: how many lines the payer's file bears out, and the others with why they would be left out."""
    found = queries.listed_of(case, queries.answers_of(case))
    if found is None:
        return {}
    kind, rows = found
    said = zip(rows, on_file or [], strict=False)
    left = [
        (row["name"], row["ptan"], row["npi"], LEFT_OUT[one]) for row, one in said if one is not OnFile.KNOWN
    ]
    return {
        "list_title": translated(kind.title),
        "list_total": len(rows),
        "list_known": None if on_file is None else len(rows) - len(left),
        "list_left": left[:MOST_LEFT],
        "list_left_all": len(left) if len(left) > MOST_LEFT else 0,
        "list_left_most": MOST_LEFT,
        "left_columns": LEFT_COLUMNS,
    }
