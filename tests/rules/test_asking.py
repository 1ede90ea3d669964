"""The journey of asking for a role, step by step (Q-1, V-1)."""

from dataclasses import replace

import pytest

from bailiwick.idm.rules.asking import STEPS, Answers, StepName, before, furthest, is_open, progress, step

NOTHING = Answers()
APPLICATION = replace(NOTHING, has_application=True)
ROLE = replace(APPLICATION, has_role=True)
PROOFED = replace(ROLE, is_proofed=True)
COMPLETE = replace(PROOFED, has_organization=True)
DESK = replace(ROLE, role_needs_proofing=False, role_needs_organization=False)


@pytest.mark.parametrize(
    ("answers", "due"),
    [
        (NOTHING, StepName.APPLICATION),
        (APPLICATION, StepName.ROLE),
        (ROLE, StepName.IDENTITY),
        (PROOFED, StepName.ORGANIZATION),
        (COMPLETE, StepName.REVIEW),
        (DESK, StepName.REVIEW),
    ],
)
def test_whoever_comes_back_is_led_to_the_page_that_is_due(answers, due):
    """Left half-way, it resumes. [Q-1]"""
    assert furthest(answers) is due


def test_identity_is_asked_only_of_those_never_proofed():
    """And only when the role needs it. [V-1]"""
    assert is_open(StepName.IDENTITY, ROLE)
    assert not is_open(StepName.IDENTITY, PROOFED)
    assert not is_open(StepName.IDENTITY, DESK)


def test_back_leads_over_what_is_not_asked():
    """Back from the organization skips the identity of the proofed. [Q-1]"""
    assert before(StepName.ORGANIZATION, PROOFED) is StepName.ROLE
    assert before(StepName.REVIEW, DESK) is StepName.ROLE
    assert before(StepName.APPLICATION, NOTHING) is None


def test_a_new_answer_forgets_what_follows_from_it():
    """Another application forgets role and organization; another role forgets the organization. [Q-1]"""
    assert {"role", "way", "organization"} <= set(step(StepName.APPLICATION).forgets)
    assert "organization" in step(StepName.ROLE).forgets
    assert "role" not in step(StepName.ROLE).forgets
    assert step(StepName.REVIEW).forgets == ()


def test_the_indicator_shows_the_steps_of_this_role():
    """A desk role has neither identity nor organization. [Q-1]"""
    assert progress(StepName.REVIEW, DESK) == (
        (StepName.APPLICATION, "done"),
        (StepName.ROLE, "done"),
        (StepName.REVIEW, "current"),
    )
    assert [state for _, state in progress(StepName.ROLE, APPLICATION)] == [
        "done",
        "current",
        "todo",
        "todo",
        "todo",
    ]


def test_every_step_can_be_reached():
    """No page is dead. [Q-1]"""
    reached = {furthest(answers) for answers in (NOTHING, APPLICATION, ROLE, PROOFED, COMPLETE)}
    assert reached == {each.name for each in STEPS}
