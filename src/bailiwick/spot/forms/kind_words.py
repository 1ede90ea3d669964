"""Kinds of forms and of lists as the page's language says them (F-1). What is signed is the text that the files hold.

Only what people read is worded here, when they read it: codes, answers, versions and digests have no language.
"""

from collections.abc import Sequence
from dataclasses import replace

from django.conf import settings
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, gettext_noop

from bailiwick.ground.pages.languages import translated
from bailiwick.spot.rules.lists import ListKind
from bailiwick.spot.rules.schema import Block, Choice, Field, FormKind

BINDING = "en"
# What rules/lists.py says, which knows no catalog: named here, so that it is collected.
LIST_WORDS = (
    gettext_noop("Affiliated providers"),
    gettext_noop("Providers to migrate"),
    gettext_noop("Provider name"),
    gettext_noop("PTAN"),
    gettext_noop("NPI"),
    gettext_noop("TIN"),
    gettext_noop("Empty: the TIN of the form."),
    gettext_noop("Line of business"),
    gettext_noop("Part A"),
    gettext_noop("Part B"),
    gettext_noop("State or territory"),
    gettext_noop("Florida"),
    gettext_noop("Puerto Rico"),
    gettext_noop("U.S. Virgin Islands"),
    gettext_noop("Present submitter ID"),
    gettext_noop("The ID under which you bill for them now."),
    gettext_noop("Services"),
    gettext_noop("Any of 837, 276/277 and ERA."),
    gettext_noop("ERA"),
    gettext_noop("keep or assign; empty is keep."),
    gettext_noop("Keep as it is"),
    gettext_noop("Assign to this submitter ID"),
)


def is_binding() -> bool:
    """Whether the page is in the language of what is signed."""
    return (get_language() or BINDING).split("-")[0] == BINDING


def called(kind: FormKind) -> Promise:
    """The name of a kind, for pages and notices: read in the language that they are written in."""
    return gettext_lazy(kind.name)


def worded(kind: FormKind) -> FormKind:
    """The same kind with its texts in the page's language; of the agreement they are a translation for reading."""
    if is_binding():
        return kind
    return replace(
        kind,
        name=translated(kind.name),
        summary=translated(kind.summary),
        instructions=tuple(map(translated, kind.instructions)),
        agreement=replace(kind.agreement, text=translated(kind.agreement.text)),
        blocks=tuple(map(_block, kind.blocks)),
    )


def worded_list(kind: ListKind) -> ListKind:
    """The same kind of list with its titles in the page's language."""
    if is_binding():
        return kind
    return replace(kind, title=translated(kind.title), columns=tuple(map(_field, kind.columns)))


def in_every_language(kind: ListKind) -> Sequence[ListKind]:
    """A kind of list as each language of pages has it: somebody may send a file made from another one's template."""
    found = []
    for language in settings.PAGE_LANGUAGES:
        with translation.override(language):
            found.append(worded_list(kind))
    return found


def _block(block: Block) -> Block:
    return replace(
        block,
        title=translated(block.title),
        intro=translated(block.intro),
        fields=tuple(map(_field, block.fields)),
    )


def _field(field: Field) -> Field:
    return replace(
        field,
        label=translated(field.label),
        help=translated(field.help),
        text=translated(field.text),
        choices=tuple(map(_choice, field.choices)),
    )


def _choice(choice: Choice) -> Choice:
    return replace(choice, label=translated(choice.label), description=translated(choice.description))
