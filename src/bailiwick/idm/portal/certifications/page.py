"""A role as its certifier sees it: the evidence in words, what is suggested and why, the enrollment record beside (C-2, C-4)."""

from dataclasses import dataclass
from typing import Any

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from bailiwick.idm.access.certification_words import GROUND_WORDS, SUGGESTION_WORDS
from bailiwick.idm.access.queries import CertificationLine, Finding
from bailiwick.idm.accounts.queries import full_name
from bailiwick.idm.portal.requests.page import RECORD_COLUMNS, beside_record, record_items


@dataclass(frozen=True)
class Shown:
    """`facts`: the evidence, each with its name. `grounds`: what the suggestion rests on."""

    line: CertificationLine
    words: str | Promise
    mood: str
    grounds: list[str | Promise]
    facts: list[tuple[str, str]]

    @property
    def name(self) -> str:
        return full_name(self.line.grant.account)

    @property
    def user_id(self) -> str:
        user_id: str = self.line.grant.account.user_id
        return user_id

    @property
    def findings(self) -> tuple[Finding, ...]:
        return self.line.health.findings if self.line.health else ()


def shown(line: CertificationLine) -> Shown:
    words, mood = SUGGESTION_WORDS[line.advice.suggestion]
    return Shown(
        line=line,
        words=words,
        mood=mood,
        grounds=[GROUND_WORDS[ground] for ground in line.advice.grounds],
        facts=[*_facts(line), *_handing_over(line)],
    )


def _facts(line: CertificationLine) -> list[tuple[str, str]]:
    application = line.line.application
    name = application.short_name if application else line.grant.application
    used = line.evidence.last_sign_in_at
    said = {True: _("Verified"), False: _("Not verified"), None: _("Not needed for this role")}
    granted = {"day": date_format(line.grant.started_at), "who": line.granted_by or _("the operator")}
    return [
        (_("Last sign-in to %(name)s") % {"name": name}, date_format(used) if used else _("Never")),
        (_("Granted"), _("on %(day)s by %(who)s") % granted),
        (_("Identity"), said[line.evidence.is_proofed]),
    ]


def _handing_over(line: CertificationLine) -> list[tuple[str, str]]:
    row = line.row
    if row is None or row.handed_to is None or row.decided_by is not None:
        return []
    people = {"who": full_name(row.handed_by), "to": full_name(row.handed_to)}
    said = _("%(who)s to %(to)s") % people
    return [(_("Handed over by"), f"{said}: {row.handed_why}" if row.handed_why else said)]


def beside(line: CertificationLine) -> dict[str, Any]:
    """The enrollment record and whom it names, for a desk (C-2); {} for roles without an organization."""
    grant, role = line.grant, line.line.role
    if grant.organization is None or role is None:
        return {}
    record = grant.organization.record
    compared = beside_record(grant.account, record, line.of_record, role.standing) if line.of_record else []
    return {"record": record_items(record), "comparisons": compared, "record_columns": RECORD_COLUMNS}
