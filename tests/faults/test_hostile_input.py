"""Every address of IDM and SPOT, hostile input of every kind, from every kind of person: an answer in words, never a 5xx."""

import os
import re

import pytest

from tests.faults import steps
from tests.faults.hostile import Actor, Sender, acts, looks
from tests.faults.routes import routes

pytestmark = pytest.mark.slow

IS_THOROUGH = os.environ.get("BAILIWICK_FAULTS", "") == "thorough"
SEED = int(os.environ.get("BAILIWICK_FAULTS_SEED", "1"))
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')
# What a look may write: that somebody looked or was refused, when a session was last used, a sign-in or a role request
# that begins with its first page (a visitor's, or the person's own; nothing of it is anybody else's).
WRITTEN_BY_LOOKS = {
    "ledger_entry",
    "idm_sessions_session",
    "idm_sessions_applicationsession",
    "idm_portal_rolerequestdraft",
    "spot_signin_session",
    "spot_signin_loginattempt",
    "jobs_tick",
}


@pytest.fixture(scope="session")
def stage(running, newcomer):
    """(actors, what addresses can be made of, the fields of all forms): each actor is signed in to both programs."""
    user = steps.end_user(running.person(newcomer()), running.staff("ana.ruiz"))
    people = {"end user": user, "approver": running.staff("bea.novak"), "desk": running.staff("tess.onley")}
    actors = [Actor("visitor"), *(actor(running, name, person) for name, person in people.items())]
    actors[0].tokens = actor(running, "visitor", running.person(newcomer()), is_signed_in=False).tokens
    account = {row["user_id"]: row["id"] for row in running.idm.rows("idm_accounts_account")}
    grant = next(
        row["id"] for row in running.idm.rows("idm_access_grant") if row["account_id"] == account[user.facts.user_id]
    )
    asked = next(
        row["number"] for row in running.idm.rows("idm_access_rolerequest") if row["account_id"] == account["bob.banks"]
    )
    known = {
        "str": "nothing",
        "int": "1",
        "uuid": "00000000-0000-4000-8000-000000000000",
        "path": "nothing",
        "grant_id": f"{grant[:8]}-{grant[8:12]}-{grant[12:16]}-{grant[16:20]}-{grant[20:]}",
        "submitter_id": running.submitter_ids["sandpiper"],
    }
    return actors, known, asked


def actor(world, name, person, *, is_signed_in=True):
    """Their cookies and tokens, after signing in to IDM and, who may, to SPOT."""
    if is_signed_in:
        steps.enter_spot(person)
    made = Actor(name)
    for origin in (world.programs.idm_url, world.programs.spot_url):
        for place in ("/home/", "/", "/register/"):
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
    with Sender(quickly=not IS_THOROUGH, seed=SEED) as sender:
        for route in routes(world):
            for one in actors:
                for attack in sender.chosen(looks(route, {**known, "number": number_for(route, number)})):
                    wrong += sender.send(one, attack)
    assert not wrong, summary(wrong, sender.count)
    changed = {name for name, rows in everything(world).items() if rows != before[name]}
    assert not changed, f"GETs changed {sorted(changed)}"


def test_no_act_fails_in_any_way_but_in_words(world, stage):
    """Every other method to every address as everybody, with hostile bodies and fields: no 5xx, nothing revealed. [L-2]"""
    actors, known, number = stage
    wrong = []
    with Sender(quickly=not IS_THOROUGH, seed=SEED) as sender:
        for route in routes(world):
            here = {**known, "number": number_for(route, number)}
            for one in actors:
                token = one.tokens.get(route.origin, "")
                fields = fields_of(sender, one, route.url(here))
                for attack in sender.chosen(acts(route, here, fields, token)):
                    wrong += sender.send(one, attack)
    assert not wrong, summary(wrong, sender.count)


def number_for(route, number):
    """A request's confirmation number, or a mail's."""
    return "1" if "mailbox" in route.pattern else number


def fields_of(sender, one, url):
    """The names of the fields on that page, or the names that the protocols know."""
    page = sender.ask("GET", url, {"Cookie": one.cookies} if one.cookies else {})
    names = set(re.findall(r'<(?:input|select|textarea|button)[^>]* name="(\w+)"', page.text))
    protocol = {
        "grant_type", "code", "code_verifier", "redirect_uri", "client_id", "client_assertion", "client_assertion_type",
        "token", "token_type_hint", "refresh_token", "scope", "logout_token", "id_token_hint", "state", "next",
        "language", "path", "organization", "application", "digest", "reason", "comment", "once", "factor", "user_id",
        "post_logout_redirect_uri",
    }  # fmt: skip
    return sorted((names - {"csrfmiddlewaretoken"}) or protocol)


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
