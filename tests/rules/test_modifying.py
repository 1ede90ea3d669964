"""What a holder may change about a role without a new request."""

import pytest

from bailiwick.ground.rulings import No, Yes
from bailiwick.idm.rules.catalogue import FreeAttribute
from bailiwick.idm.rules.grants import GrantState
from bailiwick.idm.rules.modifying import ATTRIBUTE_LONGEST, Holding, Refusal, fits, may_modify, shown

AREA = FreeAttribute("area", "Area", ("end-user",), choices=("Billing", "Records"))
PLACE = FreeAttribute("place", "Place", ("end-user",))
FREE = (AREA, PLACE)
HELD = {"is_holder": True, "is_account_active": True, "state": GrantState.ACTIVE}


@pytest.mark.parametrize(
    ("change", "answer"),
    [
        ({}, Yes("holder")),
        ({"state": GrantState.INACTIVE}, Yes("holder")),
        ({"state": GrantState.ENDED}, No(Refusal.ROLE_OVER)),
        ({"is_holder": False}, No(Refusal.NOT_THE_HOLDER)),
        ({"is_account_active": False}, No(Refusal.NOT_THE_HOLDER)),
    ],
)
def test_the_holder_modifies_while_the_role_lasts(change, answer):
    """Nobody else, and nothing that has ended. [Q-7]"""
    assert may_modify(Holding(**(HELD | change))) == answer


@pytest.mark.parametrize(
    ("values", "because"),
    [
        ({}, None),
        ({"area": "Billing", "place": "Main Street"}, None),
        ({"area": "", "place": ""}, None),
        ({"role": "approver"}, Refusal.ATTRIBUTE_NOT_FREE),
        ({"organization": "S1"}, Refusal.ATTRIBUTE_NOT_FREE),
        ({"area": "Emperor"}, Refusal.ATTRIBUTE_INVALID),
        ({"place": "x" * ATTRIBUTE_LONGEST}, None),
        ({"place": "x" * (ATTRIBUTE_LONGEST + 1)}, Refusal.ATTRIBUTE_INVALID),
        ({"place": "a\x00b"}, Refusal.ATTRIBUTE_INVALID),
    ],
)
def test_only_what_the_file_marks_free_is_taken(values, because):
    """Anything else is a new request. [Q-7, O-6]"""
    ruling = fits(values, FREE)
    assert (None if ruling else ruling.because) is because
    assert because is not Refusal.ATTRIBUTE_INVALID or ruling.facts["label"] in {"Area", "Place"}


def test_what_the_file_no_longer_offers_is_not_shown():
    """The application file may change under a role. [O-6]"""
    stored = {"area": "Emperor", "place": "Main Street", "gone": "x"}
    assert shown(stored, FREE) == {"place": "Main Street"}
