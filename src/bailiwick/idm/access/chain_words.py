"""Why somebody has a role (Q-11), in words: the links of the chain, and all of it as a file to take along."""

import io
from collections.abc import Iterator
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bailiwick.ground.pages.spreadsheets import ENCODING, write_csv
from bailiwick.idm.access.certification_words import OUTCOME_WORDS
from bailiwick.idm.access.queries.authority import zone
from bailiwick.idm.access.queries.chain import Chain, Link, LinkKind
from bailiwick.idm.access.words import why_ended
from bailiwick.idm.rules.certification import Outcome
from bailiwick.idm.rules.deeds import Deed

LINK_WORDS = {
    LinkKind.FORM: gettext_lazy("Signed form"),
    LinkKind.RECORD: gettext_lazy("Submitter ID"),
    LinkKind.CREATED: gettext_lazy("Organization created"),
    LinkKind.DECIDER: gettext_lazy("Who could decide"),
    LinkKind.REQUEST: gettext_lazy("Request"),
    LinkKind.DECISION: gettext_lazy("Decision"),
    LinkKind.BY_OPERATOR: gettext_lazy("Entered by the operator"),
    LinkKind.CHANGE: gettext_lazy("Changed"),
    LinkKind.CERTIFICATION: gettext_lazy("Yearly certification"),
    LinkKind.SIGN_IN: gettext_lazy("Signed in to the application"),
    LinkKind.ENDED: gettext_lazy("Ended"),
}
CHANGE_WORDS = {
    Deed.GRANT_END_SET: gettext_lazy("Last day changed"),
    Deed.GRANT_MODIFIED: gettext_lazy("Modified by the holder"),
    Deed.GRANT_REPLACED_ON_RECORD: gettext_lazy("The enrollment record names somebody else"),
    Deed.GRANT_MOVED: gettext_lazy("Carried over from another account of the same person"),
    Deed.GRANT_RESTORED: gettext_lazy("Restored"),
}
LATE = gettext_lazy("Certified late")


def chain_as_csv(chain: Chain) -> bytes:
    """The role and its holder, then the first link first."""
    titles = [_("Step"), _("When"), _("Who"), _("Number"), _("What"), _("Why"), _("Due or last day")]
    page = io.StringIO()
    write_csv(page, titles, _rows(chain))
    return page.getvalue().encode(ENCODING)


def _rows(chain: Chain) -> Iterator[list[str]]:
    line = chain.line
    holder, what = f"{chain.holder} ({chain.user_id})", f"{line.role_name}, {line.application_name}"
    yield [_("Role"), "", holder, line.grant.submitter_id, what, line.grant.legal_name, ""]
    for link in chain.links:
        day = link.day.isoformat() if link.day else ""
        yield [str(LINK_WORDS[link.kind]), _when(link.at), link.who, link.number, _what(link), link.why, day]


def _when(at: datetime | None) -> str:
    return at.astimezone(zone()).isoformat(sep=" ", timespec="minutes") if at else ""


def _what(link: Link) -> str:
    if link.kind is LinkKind.CHANGE:
        return str(CHANGE_WORDS[Deed(link.what)])
    if link.kind is LinkKind.CERTIFICATION:
        return str(LATE if link.what == "late" else OUTCOME_WORDS[Outcome(link.what)])
    return why_ended(link.what) if link.kind is LinkKind.ENDED else link.what
