"""What the bureau answers, as a function of the person's part in the play and of the review. Pure."""

from enum import StrEnum


class Part(StrEnum):
    """How a fictitious person fares. Who is not in the file has the part `call-then-verified`.

    `down`, `malformed`, `flapping`, `twice` and `slow` are faults of the vendor that show with this person.
    """

    VERIFIED = "verified"
    CALL = "call"
    CALL_THEN_VERIFIED = "call-then-verified"
    NEVER = "never"
    SLOW = "slow"
    DOWN = "down"
    MALFORMED = "malformed"
    FLAPPING = "flapping"
    TWICE = "twice"


class Review(StrEnum):
    """Of a review: waiting for the call, marked by the agent, used up by the answer that it led to."""

    WAITING = "waiting"
    CLEARED = "cleared"
    NOT_CLEARED = "not_cleared"
    USED = "used"


class Answer(StrEnum):
    VERIFIED = "verified"
    CALL = "call"
    NOT_VERIFIED = "not_verified"


FINDS_AT_ONCE = frozenset({Part.VERIFIED, Part.SLOW, Part.FLAPPING, Part.TWICE})
# What the agent may still mark; a review that led to an answer is closed.
MARKABLE = frozenset({Review.WAITING, Review.CLEARED, Review.NOT_CLEARED})
AFTER_THE_CALL = {
    Review.WAITING: Answer.CALL,
    Review.CLEARED: Answer.VERIFIED,
    Review.NOT_CLEARED: Answer.NOT_VERIFIED,
    Review.USED: Answer.NOT_VERIFIED,
}


def first_answer(part: Part) -> Answer:
    """To a question without a reference. Everybody who is not found is told to call: it tells nobody why."""
    return Answer.VERIFIED if part in FINDS_AT_ONCE else Answer.CALL


def answer_after_call(part: Part, review: Review | None) -> Answer:
    """To a question with a reference; `review` is None where it is not this person's, or has run out."""
    if review is None or part is Part.NEVER:
        return Answer.NOT_VERIFIED
    if part is Part.CALL and review is not Review.USED:
        return Answer.CALL
    return AFTER_THE_CALL[review]
