"""Every door of IDM answers everybody as the authorization matrix says (SR-21, AX18)."""

import pytest

from tests.idm import build_doors
from tests.idm.authorization import matrix, routes

pytestmark = pytest.mark.django_db

MATRIX = matrix()


def test_every_route_has_its_line():
    """A page that nobody thought of the rights to is not there. [SR-21]"""
    names = {route.name for route in routes()}
    lacking = sorted(names - set(MATRIX.by_route))
    assert not lacking, f"Say in tests/idm/authorization.toml who may open: {', '.join(lacking)}"
    gone = sorted(set(MATRIX.by_route) - names)
    assert not gone, f"tests/idm/authorization.toml has lines of no route: {', '.join(gone)}"
    assert not MATRIX.named_twice


def test_every_door_answers_everybody_as_the_matrix_says():
    """By every route, as everybody, without a form's fields: open, hidden, closed, or sign in first. [SR-21, AX18]"""
    world, wrong = build_doors.world(), []
    assert set(world.clients) == set(MATRIX.people)
    for route in routes():
        door = MATRIX.by_route.get(route.name)
        if door is None:
            continue  # the test above names it
        for who in world.clients:
            if door.knocking and who not in door.knocking:
                continue
            expected, found = door.answer_to(who), world.answer(who, door.method, route)
            if found != expected:
                wrong.append(f"{route.name}: {who} finds it {found}, not {expected}")
    assert not wrong, "\n".join(wrong)
