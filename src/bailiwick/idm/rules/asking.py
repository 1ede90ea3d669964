"""The journey of asking for a role (Q-1): which step comes next, and what a new answer makes forgotten. Pure."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum


class Way(StrEnum):
    """How a request names its organization (G-2, G-3, G-4)."""

    CREATE = "create"
    ASSOCIATE = "associate"
    PICK = "pick"
    NONE = "none"


class StepName(StrEnum):
    APPLICATION = "application"
    ROLE = "role"
    IDENTITY = "identity"
    ORGANIZATION = "organization"
    REVIEW = "review"


@dataclass(frozen=True)
class Answers:
    """What a person has answered so far, and what their choice of role still demands of them."""

    has_application: bool = False
    has_role: bool = False
    role_needs_proofing: bool = True
    role_needs_organization: bool = True
    is_proofed: bool = False
    has_organization: bool = False


@dataclass(frozen=True)
class Step:
    """One page of the journey. `forgets` names the answers that a new answer here makes void."""

    name: StepName
    open_when: Callable[[Answers], bool]
    shown_when: Callable[[Answers], bool]
    forgets: tuple[str, ...]


ORGANIZATION_ANSWERS = ("way", "record", "organization", "differing", "turned")


def always(_: Answers) -> bool:
    return True


def application_is_chosen(answers: Answers) -> bool:
    return answers.has_application


def proofing_is_asked(answers: Answers) -> bool:
    """V-1: only when the role needs it and the person was never proofed."""
    return answers.has_role and answers.role_needs_proofing and not answers.is_proofed


def organization_is_asked(answers: Answers) -> bool:
    return answers.has_role and not proofing_is_asked(answers) and answers.role_needs_organization


def all_is_answered(answers: Answers) -> bool:
    return (
        answers.has_role
        and not proofing_is_asked(answers)
        and (answers.has_organization or not answers.role_needs_organization)
    )


STEPS = (
    Step(StepName.APPLICATION, always, always, ("role", *ORGANIZATION_ANSWERS)),
    Step(StepName.ROLE, application_is_chosen, always, ORGANIZATION_ANSWERS),
    Step(StepName.IDENTITY, proofing_is_asked, lambda answers: answers.role_needs_proofing, ()),
    Step(StepName.ORGANIZATION, organization_is_asked, lambda answers: answers.role_needs_organization, ()),
    Step(StepName.REVIEW, all_is_answered, always, ()),
)


def step(name: StepName) -> Step:
    return next(each for each in STEPS if each.name is name)


def is_open(name: StepName, answers: Answers) -> bool:
    """Whether the page of that step may be shown now; a page further on than the answers reach may not."""
    return step(name).open_when(answers)


def furthest(answers: Answers) -> StepName:
    """The page to show to someone who comes back: nothing is typed again (Q-1)."""
    return next(each.name for each in reversed(STEPS) if each.open_when(answers))


def before(name: StepName, answers: Answers) -> StepName | None:
    """The page that Back leads to: the nearest earlier one that is open now. None on the first."""
    names = [each.name for each in STEPS]
    earlier = STEPS[: names.index(name)]
    return next((each.name for each in reversed(earlier) if each.open_when(answers)), None)


def progress(name: StepName, answers: Answers) -> tuple[tuple[StepName, str], ...]:
    """Every step of this person's journey with "done", "current" or "todo", in order."""
    shown = [each.name for each in STEPS if each.shown_when(answers)]
    here = shown.index(name)
    words = {True: "done", False: "todo"}
    return tuple(
        (each, "current" if each is name else words[place < here]) for place, each in enumerate(shown)
    )
