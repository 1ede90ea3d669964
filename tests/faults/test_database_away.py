"""The database goes away under the programs: people are told to wait, and what they did before is there afterwards."""

import pytest

from tests.faults import steps
from tests.faults.world import World

pytestmark = pytest.mark.slow


@pytest.fixture
def world_on_a_server(world) -> World:
    """A world whose PostgreSQL can be stopped (conftest collects no such test on SQLite: it is no server)."""
    return world


def test_people_are_told_to_wait_and_go_on_afterwards(world_on_a_server, newcomer):
    """With PostgreSQL gone each page is a 503 that says when to come back; once it is back, they are where they were. [N-1]"""
    person = world_on_a_server.person(newcomer())
    steps.register(person)
    steps.sign_in(person)
    world_on_a_server.stop_postgresql()
    for page in ("/home/", "/profile/", "/role-request/"):
        answer = person.http.get(f"{world_on_a_server.programs.idm_url}{page}")
        assert (answer.status_code, answer.headers.get("retry-after")) == (503, "5"), page
        assert "try again" in answer.text
    assert person.http.get(f"{world_on_a_server.programs.idm_url}/readyz").status_code == 503
    world_on_a_server.cluster.start()
    assert person.go("/home/").status == 200
    assert steps.path(person) == "/home/"
