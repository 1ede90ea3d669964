"""Every address of IDM and SPOT, hostile input of every kind, from every kind of person: an answer in words, never a 5xx."""

import os
import re
from uuid import UUID

import pytest

from tests.faults import steps
from tests.faults.hostile import Actor, Sender, acts, looks
from tests.faults.lots import Lots
from tests.faults.page import read
from tests.faults.routes import routes

pytestmark = pytest.mark.slow

SEED = int(os.environ.get("BAILIWICK_FAULTS_SEED", "1"))
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')
# What forms may hold that no page shows, and what the protocols between programs call things.
PROTOCOL = {
    "grant_type", "code", "code_verifier", "redirect_uri", "client_id", "client_assertion", "client_assertion_type",
    "token", "token_type_hint", "refresh_token", "scope", "logout_token", "id_token_hint", "state", "next", "language",
    "path", "organization", "application", "digest", "reason", "comment", "once", "factor", "user_id", "none_left",
    "post_logout_redirect_uri",
}  # fmt: skip
# What a look may write: that somebody looked or was refused, when a session was last used, a sign-in or a role request
# that begins with its first page (a visitor's, or the person's own; nothing of it is anybody else's).
WRITTEN_BY_LOOKS = {
    "ledger_entry",
    "idm_sessions_session",
    "idm_sessions_applicationsession",
    "idm_portal_rolerequestdraft",
    # That a letter of one's own inbox was read.
    "outbox_inboxmessage",
    "spot_signin_session",
    "spot_signin_loginattempt",
    # SPOT asks IDM again about a session of five minutes ago; what it identified itself with is used up.
    "idm_protocols_usedassertion",
    # Not by looks, but by the worker meanwhile: its rounds, and whom it has compared for duplicates.
    "jobs_tick",
    "idm_registry_looked",
}


@pytest.fixture(scope="session")
def stage(running, newcomer):
    """(actors, what addresses can be made of, a request's number): people of every kind, each somewhere on their way."""
    user = steps.end_user(running.person(newcomer()), running.staff("ana.ruiz"))
    steps.enter_spot(user)
    approver, desk = running.staff("bea.novak"), running.staff("tess.onley")
    steps.enter_spot(approver)
    desk.go("/home/")
    steps.pass_doors(desk)
    people = {
        "visitor": running.person(newcomer()),
        "somebody registering": registering(running.person(newcomer())),
        "somebody proving": asking(running.person(newcomer()), "provider-office-approver"),
        "somebody asking": asking(running.person(newcomer()), "end-user", has_proved=True),
        "end user": user,
        "approver": approver,
        "desk": desk,
    }
    account = {row["user_id"]: row["id"] for row in running.idm.rows("idm_accounts_account")}
    known = {
        "str": "nothing",
        "int": "1",
        "uuid": "00000000-0000-4000-8000-000000000000",
        "path": "nothing",
        "slug": "nothing",
        "grant_id": str(UUID(held_by(running, "idm_access_grant", account[user.facts.user_id])["id"])),
        "submitter_id": running.submitter_ids["sandpiper"],
        "person_id": str(UUID(account[user.facts.user_id])),
        "value": "ssn",
        "act": "propose",
        "day": "2026-01-02",
        "tracking": running.spot.rows("spot_forms_case")[0]["tracking"],
    }
    number = held_by(running, "idm_access_rolerequest", account["bob.banks"])["number"]
    return [actor(running, name, person) for name, person in people.items()], known, number


def registering(person):
    """All steps of registration are open to them."""
    steps.personal_information(person)
    steps.contact_information(person)
    return person


def asking(person, role, *, has_proved=False):
    """On their way to a role: at the details for the bureau, or at the last page."""
    steps.register(person)
    steps.sign_in(person)
    steps.choose_role(person, role)
    if has_proved:
        steps.prove_identity(person)
        steps.pick_organization(person, "sandpiper family")
    else:
        person.press(agreed="on")
    return person


def held_by(world, table, account):
    return next(row for row in world.idm.rows(table) if row["account_id"] == account)


def actor(world, name, person):
    """Their cookies and tokens."""
    made = Actor(name)
    for origin in (world.programs.idm_url, world.programs.spot_url):
        for place in ("/home/", "/", "/terms/"):
            found = TOKEN.search(person.go(f"{origin}{place}").html)
            if found and person.page.url.startswith(origin):
                made.tokens[origin] = found[1]
                break
    made.cookies = "; ".join(f"{cookie.name}={cookie.value}" for cookie in person.http.cookies.jar)
    return made


def test_no_look_fails_or_changes_anything(world, stage):
    """GETs of every address as everybody, with hostile queries, paths, headers: no 5xx, and nothing is changed. [L-2]"""
    actors, known, number = stage
    world.wait_until_delivered()
    before, wrong = everything(world), []
    with Sender() as sender:
        for route, place, one in everywhere(world, actors):
            here = {**known, "number": number_for(route, number)}
            for attack in lots(world).drawn(looks(route, here), route, place):
                wrong += sender.send(one, attack)
    assert not wrong, summary(wrong, sender.count)
    changed = {name for name, rows in everything(world).items() if rows != before[name]}
    assert not changed, f"GETs changed {sorted(changed)}"


def test_no_act_fails_in_any_way_but_in_words(world, stage):
    """Every other method to every address as everybody, with hostile bodies and fields: no 5xx, nothing revealed. [L-2]"""
    actors, known, number = stage
    wrong = []
    with Sender() as sender:
        for route, place, one in everywhere(world, actors):
            here = {**known, "number": number_for(route, number)}
            token = one.tokens.get(route.origin, "")
            form = form_of(sender, one, route.url(here))
            for attack in lots(world).drawn(acts(route, here, form, token), route, place):
                wrong += sender.send(one, attack)
    assert not wrong, summary(wrong, sender.count)


def everywhere(world, actors):
    """Each address as each actor, and the actor's place among them."""
    return ((route, place, one) for route in routes(world) for place, one in enumerate(actors))


def lots(world):
    return Lots(seed=SEED, engine=int(world.cluster is not None))


def number_for(route, number):
    """A request's confirmation number, or a mail's or letter's."""
    return "1" if any(word in route.pattern for word in ("mailbox", "letters")) else number


def form_of(sender, one, url):
    """The fields of that page's own form as it holds them, or the names that the protocols know."""
    answer = sender.ask("GET", url, {"Cookie": one.cookies} if one.cookies else {})
    page = read(url, answer.status_code, dict(answer.headers), answer.text)
    forms = [form for form in page.forms if form.method == "post" and "/language/" not in form.action]
    forms = [form for form in forms if form.action.split("?")[0] == url] or forms
    held = dict(forms[0].held) if forms else {}
    held.pop("csrfmiddlewaretoken", None)
    names = forms[0].names - {"csrfmiddlewaretoken", "back"} if forms else PROTOCOL
    return [(name, held.get(name, "1")) for name in sorted(names or PROTOCOL)]


def everything(world):
    """All rows of all tables that a look has no business with."""
    return {
        f"{name} {table}": sorted(map(str, database.rows(table)))
        for name, database in (("idm", world.idm), ("spot", world.spot))
        for table in database.tables()
        if table not in WRITTEN_BY_LOOKS
    }


def summary(wrong, count):
    return f"{len(wrong)} findings in {count} requests:\n" + "\n".join(sorted(set(wrong))[:80])
