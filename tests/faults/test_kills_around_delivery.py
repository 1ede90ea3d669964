"""Workers, IDM and SPOT killed around what is on its way: mails to people, records to IDM, sign-outs to SPOT."""

import time

import pytest

from tests.faults import steps
from tests.faults.kills import moments
from tests.faults.records import change, delivery, enroll

pytestmark = pytest.mark.slow

MOST_SECONDS = 5
# What one page takes on a machine that has nothing else to do; a busier one is given so much more.
USUAL_PAGE_SECONDS = 0.1


def test_mails_written_while_the_worker_is_dead_are_each_sent_once(world, newcomer):
    """Between write and mail the worker and IDM are killed, then the worker again while it sends: each mail once. [N-1]"""
    world.programs.kill("idm-worker")
    people = [world.person(newcomer()) for _ in range(3)]
    for person in people:
        steps.register(person)
    assert world.waiting() >= len(people)
    assert not any(world.programs.mailbox(person.facts.email) for person in people)
    world.restart("idm")
    world.programs.start("idm-worker")
    until(lambda: any(world.programs.mailbox(person.facts.email) for person in people), seconds=30)
    world.restart("idm-worker")
    world.hurry()
    world.wait_until_delivered()
    for person in people:
        assert len(world.programs.mailbox(person.facts.email)) == 1


def test_records_changed_through_kills_arrive_once_and_in_order(world, tmp_path):
    """Enrolled while IDM is down, changed while workers die: each version at most once, the newest at last. [F-11 F-12 O-4]"""
    world.programs.kill("idm")
    ids = [enroll(world, tmp_path, number) for number in range(2)]
    assert delivery(world, ids[0]) == "on_its_way"
    change(world, ids[0], phone="2395550178")
    world.restart("spot-worker")
    world.programs.start("idm")
    for at, moment in enumerate(moments(3, longest=1.0)):
        change(world, ids[at % 2], phone=f"239555018{at}")
        time.sleep(moment)
        world.restart("spot-worker", *(["idm"] if at % 2 else []))
    world.hurry()
    world.wait_until_delivered()
    held = {row["submitter_id"]: row for row in world.idm.rows("idm_organizations_enrollmentrecord")}
    assert [held[one]["version"] for one in ids] == [4, 2]
    assert held[ids[0]]["phone"] == "2395550182"
    assert {row["state"] for row in world.spot.rows("outbox_message")} == {"done"}
    assert delivery(world, ids[0]) == "confirmed"


def test_an_open_page_of_spot_is_dead_within_five_seconds_of_the_removal(world, newcomer):
    """From the answer to the removal, with everything up: reloading it, its links and its form lead to nothing of hers. [O-5 Q-8 AX15]"""
    ana = world.staff("ana.ruiz")
    person = steps.end_user(world.person(newcomer()), ana)
    steps.enter_spot(person)
    opened = person.go(f"{person.programs.spot_url}/home/")
    assert opened.status == 200, str(opened)
    stay = opened.form(to="/stay-signed-in/")
    world.wait_until_delivered()
    allowed = MOST_SECONDS * slowness(person)
    steps.remove_role(ana, person.facts.user_id)
    removed = time.monotonic()
    until(lambda: not steps.is_in_spot(person), seconds=allowed)
    assert time.monotonic() - removed <= allowed

    # The same browser, as it stood: whatever the open page holds is asked for with the cookie of then.
    own = [link for link in {opened.url, *opened.links} if link.startswith(f"{person.programs.spot_url}/")]
    answers = [person.http.get(link) for link in own]
    answers.append(person.http.post(stay.action, data=dict(stay.filled())))
    assert not [answer.url for answer in answers if person.facts.last in answer.text]
    assert answers[-1].status_code != 200, answers[-1].text[:500]


def test_a_sign_out_waits_for_spot_to_return(world):
    """SPOT is down when the role is removed: the sign-out is repeated until SPOT confirms, and the session is dead. [O-5]"""
    eli, ana = world.staff("eli.stone"), world.staff("ana.ruiz")
    steps.enter_spot(eli)
    assert steps.is_in_spot(eli), str(eli.page)
    world.programs.kill("spot")
    steps.remove_role(ana, "eli.stone")
    until(lambda: failed_sign_outs(world), seconds=20)
    world.programs.kill("idm-worker")
    world.programs.start("spot")
    world.programs.start("idm-worker")
    # Read past SPOT: its own question to IDM, asked when the page is opened, must not be what ends the session.
    until(lambda: ended_sessions(world, "eli.stone") == ["signed_out_at_idm"], seconds=40)
    assert not steps.is_in_spot(eli)


def test_spot_asks_again_by_itself(world, newcomer):
    """The sign-out never comes, the worker is dead: after five minutes SPOT asks IDM and ends the session. [O-5]"""
    ana = world.staff("ana.ruiz")
    person = steps.end_user(world.person(newcomer()), ana)
    steps.enter_spot(person)
    assert steps.is_in_spot(person), str(person.page)
    world.programs.kill("idm-worker")
    steps.remove_role(ana, person.facts.user_id)
    assert steps.is_in_spot(person)
    world.pass_minutes_in_spot(6)
    assert not steps.is_in_spot(person)
    assert ended_sessions(world, person.facts.user_id) == ["access_ended"]


def slowness(person) -> float:
    """How much slower this machine is at this moment than one with nothing else to do; at least 1."""
    started = time.monotonic()
    assert steps.is_in_spot(person), str(person.page)
    return max(1.0, (time.monotonic() - started) / USUAL_PAGE_SECONDS)


def failed_sign_outs(world) -> bool:
    """Whether the worker has tried to tell SPOT and has not succeeded."""
    calls = [row for row in world.idm.rows("outbox_message") if row["kind"] == "backchannel-logout"]
    return any(row["state"] == "waiting" and row["last_error"] for row in calls)


def ended_sessions(world, user_id: str) -> list[str]:
    """Why each of somebody's sessions in SPOT is over, in order; "" for a live one."""
    people = {row["id"]: row["user_id"] for row in world.spot.rows("spot_signin_person")}
    sessions = sorted(world.spot.rows("spot_signin_session"), key=lambda row: row["started_at"])
    return [row["end_reason"] for row in sessions if people[row["person_id"]] == user_id]


def until(is_so, *, seconds: float) -> None:
    """Wait until that is so."""
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline, f"not so after {seconds} s"
        time.sleep(0.05)
