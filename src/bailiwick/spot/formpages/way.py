"""The way through a form: which steps there are, which are done, and where Next leads (F-9)."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bailiwick.spot.formpages.visits import Visit
from bailiwick.spot.forms import queries
from bailiwick.spot.rules.answers import Finding
from bailiwick.spot.rules.schema import Block

REVIEW = _("Review")


@dataclass(frozen=True)
class Way:
    """The steps of one visit; `unfinished` are the codes of those that lack an answer or hold an open remark."""

    visit: Visit
    unfinished: frozenset[str]

    def indicator(self, current: Block | None) -> list[tuple[str | Promise, str]]:
        """For the step indicator: (title, done | current | todo); `current` None is the review."""
        steps: list[tuple[str | Promise, str]] = [
            (
                block.title,
                "current" if block == current else "todo" if block.code in self.unfinished else "done",
            )
            for block in self.visit.blocks
        ]
        return [*steps, (REVIEW, "current" if current is None else "todo")]

    def before(self, block: Block) -> Block | None:
        blocks = self.visit.blocks
        at = blocks.index(block)
        return blocks[at - 1] if at else None

    def after(self, block: Block) -> Block | None:
        """The next later step that needs something; None: the review, which says what earlier ones still lack."""
        blocks = self.visit.blocks
        at = blocks.index(block) + 1 if block in blocks else 0
        return next((one for one in blocks[at:] if one.code in self.unfinished), None)

    def first(self) -> Block | None:
        """Where to go on after a pause."""
        return next((one for one in self.visit.blocks if one.code in self.unfinished), None)


def way_of(visit: Visit) -> Way:
    """The steps as they stand with the saved answers."""
    lacking = {problem.block for problem in queries.missing(visit.case)}
    remarked = {
        block.code for field in open_remarks(visit) if (block := visit.kind.block_of(field)) is not None
    }
    untouched = {
        block.code
        for block in visit.blocks
        if not any(visit.answers.get(one.code) for one in visit.asked_of(block))
    }
    return Way(visit, frozenset(lacking | remarked | untouched))


def open_remarks(visit: Visit) -> dict[str, str]:
    """What the desk wants corrected, by field; of two remarks on one field both are told (B-1)."""
    told: dict[str, str] = {}
    for remark in queries.remarks_of(visit.case):
        if remark.resolved_at is None:
            told[remark.field] = " ".join(filter(None, (told.get(remark.field), remark.text)))
    return told


def link_to(visit: Visit, block: Block | None) -> str:
    """The address of a step; of the review for None."""
    if block is None:
        return reverse("spot_formpages:review", args=[visit.case.tracking])
    if block.list_field is not None:
        return reverse("spot_formpages:list", args=[visit.case.tracking, block.code])
    return reverse("spot_formpages:step", args=[visit.case.tracking, block.code])


@dataclass(frozen=True)
class Told:
    """What one step lacks: the questions without an answer as (label, link), and sentences about the others."""

    title: str
    href: str
    unanswered: list[tuple[str, str]]
    sentences: list[tuple[str, str, str]]


def told(visit: Visit, problems: list[queries.Problem]) -> list[Told]:
    """Problems as the pages list them, step by step: one line for a step is read, one for each gap is not."""
    lines: dict[str, Told] = {}
    for problem in problems:
        block, question = visit.kind.block(problem.block), visit.kind.field(problem.field)
        href = link_to(visit, block) if block else ""
        line = lines.setdefault(problem.block, Told(block.title if block else "", href, [], []))
        label = question.label if question else ""
        place = f"{href}#id_{question.code}" if href and question else href
        if problem.code is Finding.MISSING:
            line.unanswered.append((label, place))
        else:
            line.sentences.append((label, problem.sentence, place))
    return list(lines.values())
