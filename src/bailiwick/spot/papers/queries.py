"""A signed form as people read it, and as a tagged PDF with its evidence page (F-10).

The PDF is made anew each time from the case alone: the same signature gives the same bytes. So it is in the language
that binds and in the signature's time zone, whoever asks and whenever. TINs are masked but for the official and tier 2.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import formats, translation
from django.utils.translation import gettext as _

from bailiwick.spot.forms import queries as forms
from bailiwick.spot.forms.answer_words import as_read, cells_of, listed
from bailiwick.spot.forms.kind_words import BINDING, is_binding, worded, worded_list
from bailiwick.spot.forms.listfiles import written
from bailiwick.spot.forms.models import Case, Signature
from bailiwick.spot.forms.signeddocuments import SignedDocument
from bailiwick.spot.forms.signing_words import AUTHORITY_WORDS, READ_IN
from bailiwick.spot.papers.typesetting import typeset
from bailiwick.spot.rules.enrolling import name_of
from bailiwick.spot.rules.forms import Authority
from bailiwick.spot.rules.schema import FormKind, shown

Row = tuple[str, str]
MOST_SHOWN, MOST_IN_PDF = 100, 1000
OFFICIAL = ("official_name", "official_title", "official_email", "official_standing")


@dataclass(frozen=True)
class PaperList:
    """A list of the form. `lines`: every one in words, column by column; `digest`: what the signature is on."""

    title: str
    digest: str
    columns: list[str]
    lines: list[list[str]]

    @property
    def shown(self) -> list[list[str]]:
        """As many as a page shows."""
        return self.lines[:MOST_SHOWN]

    @property
    def total(self) -> int:
        return len(self.lines)

    @property
    def is_cut(self) -> bool:
        return self.total > MOST_SHOWN

    @property
    def label(self) -> str:
        return f"{self.title}: {listed(self.total)}"


@dataclass(frozen=True)
class Paper:
    """One revision of a form, as people read it. `blocks`: (title, [(question, answer)…]).

    `terms`: (question, text) of what was accepted on the way, such as a license.
    """

    kind: FormKind
    digest: str
    answers: dict[str, str]
    blocks: list[tuple[str, list[Row]]]
    terms: list[Row]
    lists: list[PaperList]

    @property
    def name(self) -> str:
        return name_of(self.answers)


def paper_of(case: Case, revision: int, *, shows_tin: bool = False) -> Paper:
    """What the case says at that revision."""
    kind, answers = worded(forms.kind_of(case)), forms.answers_of(case, revision)
    asked = {field.code for field in shown(kind, answers)}
    blocks = [
        (
            block.title,
            [
                (one.label, as_read(one, answers.get(one.code, ""), shows_tin=shows_tin))
                for one in block.fields
                if one.code in asked
            ],
        )
        for block in kind.blocks
    ]
    return Paper(
        kind=kind,
        digest=forms.version_of(case, revision).digest,
        answers=answers,
        blocks=[(title, rows) for title, rows in blocks if rows],
        terms=[(one.label, one.text) for one in kind.fields if one.code in asked and one.text],
        lists=_lists_of(case, answers, shows_tin=shows_tin),
    )


def binding_paper(case: Case, revision: int) -> Paper | None:
    """The same in the language that binds, to stand beside a translation; None where the page is in it already."""
    if is_binding():
        return None
    with translation.override(BINDING):
        return paper_of(case, revision)


def _lists_of(case: Case, answers: dict[str, str], *, shows_tin: bool) -> list[PaperList]:
    found = forms.listed_of(case, answers)
    if found is None:
        return []
    kind, rows = worded_list(found[0]), found[1]
    lines = [cells_of(kind, row, shows_tin=shows_tin) for row in rows]
    digest = forms.list_digest(case, answers)
    return [PaperList(kind.title, digest, [column.label for column in kind.columns], lines)]


def list_csv(case: Case, revision: int) -> bytes | None:
    """The list of the form at that revision, as its page shows it but whole; of each TIN the last four (A-3). None: no list."""
    found = _lists_of(case, forms.answers_of(case, revision), shows_tin=False)
    return written(found[0].columns, found[0].lines) if found else None


def form_to_sign(case: Case, revision: int) -> bytes:
    """The form at that revision as a PDF that its official signs with a certificate: the same bytes each time (F-8).

    A link leads to it, and links are forwarded: of a TIN it shows the last four digits. Raises Busy as below.
    """
    with translation.override(BINDING):
        paper = paper_of(case, revision)
        statement = _(
            "By signing this document with my digital certificate I say that I am the official named here, with this title and "
            "this right to sign; I sign the form and agree to the text above."
        )
        document = {
            **_of_the_form(case, revision, paper),
            "note": _tin_note(shows_tin=False),
            "signing": {
                "title": _("Signature"),
                "text": [statement, _("Sign with a program that adds to this file and leaves it as it is.")],
                "columns": [_("What"), _("Stated")],
                "rows": [*_official_rows(paper), (_("SHA-256 of the form"), _in_groups(paper.digest))],
            },
        }
    version = forms.version_of(case, revision)
    return typeset("form_to_sign.typ", document, made_at=version.at, is_signable=True)


def signed_form_pdf(signature: Signature, *, shows_tin: bool) -> bytes:
    """The form that was signed, what was agreed to, and the evidence, as PDF/UA-1. Raises Busy while too many are being made.

    `shows_tin`: for the official and the desk alone (F-10).
    """
    case = signature.case
    with translation.override(BINDING):
        paper = paper_of(case, signature.revision, shows_tin=shows_tin)
        document = {
            **_of_the_form(case, signature.revision, paper),
            "evidence": {
                "title": _("Evidence of the signature"),
                "columns": [_("What"), _("Recorded")],
                "rows": evidence_rows(signature),
            },
            "note": _tin_note(shows_tin=shows_tin),
        }
    return typeset("signed_form.typ", document, made_at=signature.signed_at)


def _of_the_form(case: Case, revision: int, paper: Paper) -> dict[str, Any]:
    """What stands in every document of a form."""
    return {
        "author": "SPOT",
        "language": BINDING,
        "title": str(paper.kind.name),
        "lead": _("Tracking number %(tracking)s, revision %(revision)s")
        % {"tracking": case.tracking, "revision": revision},
        "columns": [_("Question"), _("Answer")],
        "blocks": [*paper.blocks, *(_as_block(one) for one in paper.lists)],
        "agreement": {"title": _("What was agreed to"), "text": paragraphs(paper.kind.agreement.text)},
        "terms": [(label, paragraphs(text)) for label, text in paper.terms],
    }


def _official_rows(paper: Paper) -> list[Row]:
    """The answers about the official, whose signature this asks for."""
    wanted = [one for one in paper.kind.fields if one.code in OFFICIAL]
    return [(one.label, as_read(one, paper.answers.get(one.code, ""))) for one in wanted]


def _as_block(listed: PaperList) -> tuple[str, list[Row]]:
    """A list as the PDF has it: its lines numbered, what belongs to one in one cell; a very long one by its digest."""
    named = [(_("Lines"), str(listed.total)), (_("SHA-256 of the list"), _in_groups(listed.digest))]
    if listed.total > MOST_IN_PDF:
        return listed.title, [
            *named,
            (_("Where they stand"), _("In the file of the list (CSV) of this form.")),
        ]
    lines = [
        (str(number), "; ".join(filter(None, cells))) for number, cells in enumerate(listed.lines, start=1)
    ]
    return listed.title, [*named, *lines]


def evidence_rows(signature: Signature) -> list[Row]:
    """Who signed what, when, from where, and whether they may (F-8)."""
    document = forms.document_of(signature)
    by_code = [(_("Name as typed"), signature.typed_name), (_("Mailbox that got the code"), signature.email)]
    rows = [
        (_("Signed by"), f"{signature.name}, {signature.title}"),
        *(certificate_rows(document, signature.zone) if document else by_code),
        (_("When"), _moment(signature.signed_at, signature.zone)),
        (_("From address"), signature.source),
        (_("Version of the form"), signature.form_version),
        (_("Version of the agreement"), signature.agreement_version),
        *_read_in(signature),
        (_("SHA-256 of the form"), _in_groups(signature.digest)),
        (_("Authority"), str(AUTHORITY_WORDS[Authority(signature.authority)])),
    ]
    if signature.callback_at:
        called = f"{signature.callback_by.name}, {_moment(signature.callback_at, signature.zone)}"
        rows.append((_("Call back"), f"{called}: {signature.callback_note}"))
    return rows


def _read_in(signature: Signature) -> list[Row]:
    """Nothing where it was not noted: what was signed before stays the same, byte for byte."""
    language = signature.read_in
    return [(_("Language it was read in"), str(READ_IN.get(language, language)))] if language else []


def certificate_rows(document: SignedDocument, zone: str) -> list[Row]:
    """What the certificate of a signed document says, whether it could be looked up, and who of the desk confirmed it."""
    proof = document.proof
    looked_up = (
        _("Not on the list of revoked certificates of its issuer.")
        if proof.is_list_known
        else _("No list of revoked certificates of its issuer is at hand.")
    )
    rows = [
        (_("Signed with"), _("A digital certificate")),
        (_("Name in the certificate"), ", ".join(filter(None, (proof.name, proof.organization)))),
        (_("Mailbox in the certificate"), ", ".join(proof.mailboxes)),
        (_("Issued by"), proof.issuer),
        (_("Serial number"), proof.serial),
        (_("Good"), f"{_moment(proof.good_from, zone)} – {_moment(proof.good_until, zone)}"),
        (_("Revoked"), looked_up),
        (_("SHA-256 of the certificate"), _in_groups(proof.fingerprint)),
        (_("Mailbox that got the link"), document.signature.email),
    ]
    if document.confirmed_at and document.confirmed_by:
        confirmed = f"{document.confirmed_by.name}, {_moment(document.confirmed_at, zone)}"
        rows.append((_("Confirmed"), f"{confirmed}: {document.confirmed_note}"))
    return rows


def paragraphs(text: str) -> list[str]:
    return [" ".join(part.split()) for part in text.split("\n\n") if part.strip()]


def _in_groups(digest: str) -> str:
    return " ".join(digest[at : at + 8] for at in range(0, len(digest), 8))


def _moment(at: datetime, zone: str) -> str:
    return f"{formats.date_format(at.astimezone(ZoneInfo(zone)), 'DATETIME_FORMAT')} ({zone})"


def _tin_note(*, shows_tin: bool) -> str:
    if shows_tin:
        return _("This copy shows the whole TIN. Keep it as you keep the form.")
    return _("Of the TIN this copy shows the last four digits; all nine are part of what was signed.")
