"""Twenty people of every role who ask, decide, cancel, remove, enter and look, in any order (Q, G, H).

Every step goes through the pages. Before it, what should be possible is worked out from the rows alone (truth.py);
after it, what became so is compared, and every page that came back is searched for what its reader may not know.
"""

import secrets
from collections import Counter
from datetime import timedelta
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import F
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from bailiwick.ground.program import clock
from bailiwick.idm.access import jobs, queries
from bailiwick.idm.access.models import Grant, RoleRequest
from tests.idm import build_pages as build
from tests.idm.build_cast import Cast, grants_in_order, turn_record
from tests.idm.build_oidc import Application, answer_of, post
from tests.idm.truth import Truth, findings

ON_REQUESTS = (
    *("decide_as_somebody_entitled", "decide_whoever_one_is", "decide_many", "cancel"),
    "a_request_grows_old",
)
# As often as they stand here: a walk in which everybody leaves first finds nothing.
ACTS = (
    "a_night_passes",
    *("ask",) * 5,
    *("decide_as_somebody_entitled",) * 3,
    *("decide_whoever_one_is",) * 3,
    *("cancel", "remove", "enter", "look", "decide_many", "stop_or_let_go_on") * 2,
    "a_request_grows_old",
    "a_role_is_not_used",
    "a_last_day_passes",
    "a_record_closes_or_opens",
)
ROLES = (
    ("spot", "provider-office-approver"),
    ("spot", "provider-office-backup-approver"),
    ("spot", "business-office-approver"),
    ("spot", "end-user"),
    ("spot", "help-desk"),
    ("almanac", "researcher"),
    ("idm", "tier-3"),
)
PENDING = "pending"
NIGHT = (
    *(jobs.expire_requests, jobs.record_endings, jobs.note_inactivity),
    *(jobs.certifications, jobs.tell_owed, jobs.remind_deciders),
)


class TwentyActors(RuleBasedStateMachine):
    """One walk: begins from the same cast, and is forgotten afterwards. `post`: a machine's way to IDM."""

    post = staticmethod(post)
    ledger_after = 0

    def __init__(self, everybody: Cast, applications: dict[str, Application], happened: Counter[str]) -> None:
        super().__init__()
        self.happened = happened
        self.begin()
        self.cast, self.applications = everybody, applications
        self.browsers = [everybody.browser(index) for index in range(len(everybody.people))]
        self.reasons: dict[str, str] = {}
        self.tokens: list[tuple[str, str, UUID]] = []
        self.steps = 0

    def begin(self) -> None:
        self.point = transaction.savepoint()

    def forget(self) -> None:
        transaction.savepoint_rollback(self.point)

    def teardown(self) -> None:
        try:
            assert not (found := findings(self.ledger_after)), "\n".join(found)
        finally:
            self.forget()

    @rule(act=st.sampled_from(ACTS), who=st.integers(0, 19), which=st.integers(0, 10_000))
    def step(self, act, who, which):
        """One act; those on a request wait until there is one."""
        if self.reasons or act not in ON_REQUESTS:
            getattr(self, act)(who, which)

    # What people do.

    def ask(self, who, which):
        """Through the wizard: application, role, organization, review, submit."""
        (application, role), where = ROLES[which % len(ROLES)], which // len(ROLES)
        reason = f"Because-{secrets.token_hex(6)}"
        before = Truth(clock.now())
        browser = self.browsers[who]
        browser.post("/role-request/start-over/", {"application": application})
        browser.post("/role-request/role/", {"role": role})
        self._choose_place(browser, where)
        page = self._open(who, "/role-request/review/", before)
        if 'name="seen"' in page.content.decode():
            typed = {name: build.hidden(page, name) for name in ("draft", "seen")}
            page = self._send(who, "/role-request/review/", {**typed, "reason": reason}, before)
        made = RoleRequest.objects.filter(reason=reason).first()
        self.happened["asked" if made else "could not ask"] += 1
        if made is not None:
            assert made.account == self.cast.people[who]
            self.reasons[made.number] = reason

    def decide_whoever_one_is(self, who, which):
        """Also with a forged form: whoever may not decide changes nothing."""
        self._decide(who, self._request(which), approve=which % 2 == 0)

    def decide_as_somebody_entitled(self, who, which):
        """Who may decide can: nobody is stranded."""
        asked, truth = self._request(which), Truth(clock.now())
        row = next(one for one in truth.requests if one["id"] == asked.pk.hex)
        able = [i for i, one in enumerate(self.cast.people) if truth.may_decide(one.pk, row)]
        if able:
            self._decide(able[who % len(able)], asked, approve=which % 3 > 0)

    def decide_many(self, who, which):
        """Several at once, some of which may not be theirs: each by itself."""
        before, person = Truth(clock.now()), self.cast.people[who]
        asked = [queries.request_numbered(number) for number in list(self.reasons)[which % 3 :: 3]][:5]
        typed = {"act": "approve" if which % 2 else "deny", "reason": "Like the others."}
        for one in asked:
            typed |= {f"{one.number}-chosen": "on", f"{one.number}-digest": queries.review(one).digest}
        self._send(who, "/requests/decide/", typed, before)
        for one in asked:
            after = RoleRequest.objects.get(pk=one.pk)
            if after.decided_at != one.decided_at and after.decided_by_id == person.pk:
                self.happened["decided among many"] += 1
                row = next(row for row in before.requests if row["id"] == one.pk.hex)
                assert before.may_decide(person.pk, row), f"{person.user_id} decided {one.number} among many"

    def stop_or_let_go_on(self, who, which):
        """Tier 3 suspends, or lifts it; nobody else, and nobody themselves."""
        before, other = Truth(clock.now()), which % len(self.cast.people)
        person, actor = self.cast.people[other], self.cast.people[who]
        act = "suspend" if before.states[person.pk.hex] == "active" else "unsuspend"
        typed = {"text": person.user_id, "reason": "They call."}
        self._send(who, "/manage-users/", typed, before, typed=person.user_id)
        path = f"/manage-users/people/{person.pk}/{act}/"
        self._send(who, path, {"reason": "It is used by two.", "once": str(uuid4())}, before)
        after = Truth(clock.now())
        if after.states != before.states:
            self.happened[act] += 1
            assert other != who
            assert before.tier(actor.pk, "idm") >= 3, f"{actor.user_id}: {act} {person.user_id}"
            self.browsers[other] = self.cast.browser(other) if act == "unsuspend" else self.browsers[other]

    def cancel(self, who, which):
        """One's own, or from IDM's desk with a reason."""
        asked, before = self._request(which), Truth(clock.now())
        self._send(who, f"/requests/{asked.number}/cancel/", {"reason": "A mistake."}, before)
        after = RoleRequest.objects.get(pk=asked.pk)
        if after.state != asked.state and after.state == "cancelled":
            person = self.cast.people[who]
            assert before.states[person.pk.hex] == "active"
            assert asked.account_id == person.pk or before.tier(person.pk, "idm") >= 1

    def remove(self, who, which):
        """One's own role, or somebody's; who may can, but for the last of tier 3."""
        held = [grant for grant in grants_in_order() if grant.ended_at is None]
        if not held:
            return
        grant, person, before = held[which % len(held)], self.cast.people[who], Truth(clock.now())
        row = next(one for one in before.grants if one["id"] == grant.pk.hex)
        own = grant.account_id == person.pk
        path = f"/roles/{grant.pk}/remove/" if own else f"/manage-users/roles/{grant.pk}/remove/"
        self._send(who, path, {"reason": "Left.", "none_left": "on"}, before)
        is_ended = Grant.objects.get(pk=grant.pk).ended_at is not None
        self.happened["removed" if is_ended else "could not remove"] += 1
        is_last = grant.role == "tier-3" and sum(one.role == "tier-3" for one in held) == 1
        assert is_ended <= before.may_remove(person.pk, row), f"{person.user_id} removed {grant.role}"
        assert not (is_last and is_ended)
        if before.may_remove(person.pk, row) and before.holds(row) and not is_last:
            assert is_ended or grant.role == "tier-3", f"{person.user_id} could not remove {grant.role}"

    def enter(self, who, which):
        """A code only for somebody whose role counts; the token is kept."""
        where = ("spot", "almanac")[which % 2]
        application, person, before = self.applications[where], self.cast.people[who], Truth(clock.now())
        response = self.browsers[who].get("/oidc/authorize", application.parameters())
        code = answer_of(response).get("code") if response.status_code == 302 else None
        may = any(grant["application"] == where for grant, _ in before.of(person.pk))
        assert (code is not None) <= may
        if code:
            told = self.post("/oidc/token", application.exchange(code)).json()
            self.happened["entered"] += 1
            self.tokens.append((where, told["access_token"], person.pk))

    def look(self, who, which):
        """At pages of others, at lists, at search results: nothing that is not theirs to know."""
        before, number = Truth(clock.now()), which % len(self.cast.people)
        person, places = self.cast.people[number], list(self.cast.places.values())
        for path in ("/home/", "/roles/", "/manage-users/", f"/manage-users/people/{person.pk}/"):
            self._open(who, path, before)
        self._open(who, f"/organizations/{places[which % 3].submitter_id}/", before)
        typed = {"text": person.user_id[:3], "reason": "They call."}
        self._send(who, "/manage-users/", typed, before, typed=person.user_id[:3])
        if self.reasons:
            self._open(who, f"/requests/{self._request(which).number}/", before)

    # What happens by itself.

    def a_request_grows_old(self, _who, which):
        past = clock.now() - timedelta(minutes=1)
        RoleRequest.objects.filter(pk=self._request(which).pk, state=PENDING).update(expires_at=past)

    def a_role_is_not_used(self, _who, which):
        held = grants_in_order()
        Grant.objects.filter(pk=held[which % len(held)].pk).update(
            started_at=F("started_at") - timedelta(days=40), last_sign_in_at=None
        )

    def a_last_day_passes(self, _who, which):
        # Not of somebody who has decided: a past that is changed afterwards would make that decision nobody's to take.
        deciders = set(RoleRequest.objects.values_list("decided_by_id", flat=True))
        held = [
            grant
            for grant in grants_in_order()
            if grant.ended_at is None and grant.role != "tier-3" and grant.account_id not in deciders
        ]
        if not held:
            return
        last_day = clock.now().date() - timedelta(days=2)
        Grant.objects.filter(pk=held[which % len(held)].pk).update(ends_on=last_day)

    def a_record_closes_or_opens(self, _who, which):
        turn_record(list(self.cast.places.values())[which % 3])

    def a_night_passes(self, _who, _which):
        """The jobs record what has become so."""
        for job in NIGHT:
            job(clock.now())

    # What holds.

    @invariant()
    def everything_holds(self):
        """INV-2 to INV-7 now and then, for they read every row; tokens and flags as often."""
        self.steps += 1
        self.happened["steps"] += 1
        if self.steps % 10:
            return
        assert not (found := findings(self.ledger_after)), "\n".join(found)
        truth, now = Truth(clock.now()), clock.now()
        self._tokens_follow_roles(truth)
        for place in self.cast.places.values():
            self._is_flagged(place, truth, now)
        security = Grant.objects.filter(role="tier-3", ended_at=None, account__state="active")
        assert security.exists(), "nobody is left who could decide on a desk"

    def _tokens_follow_roles(self, truth):
        """INV-10, INV-13: nobody is in an application without a role that counts there."""
        for where, token, person in self.tokens[-5:]:
            told = self.post("/oidc/introspect", self.applications[where].signed(token=token)).json()
            may = any(grant["application"] == where for grant, _ in truth.of(person))
            assert told["active"] <= may, f"a token in {where} outlived the role"

    def _is_flagged(self, place, truth, now):
        """INV-12: where people hold roles, somebody can decide, or it is flagged."""
        record = place.record_id.hex
        here = [one for one in truth.grants if one["organization_id"] == place.pk.hex and truth.holds(one)]
        able = truth.has_approver("spot", record, but="")
        assert not here or able or queries.health_of(place, now=now).is_unattended

    # How it is done.

    def _decide(self, who, asked, *, approve):
        person, before = self.cast.people[who], Truth(clock.now())
        row = next(one for one in before.requests if one["id"] == asked.pk.hex)
        page = self._open(who, f"/requests/{asked.number}/", before)
        has_form = 'name="digest"' in page.content.decode()
        digest = build.hidden(page, "digest") if has_form else queries.review(asked).digest
        how, word = ("approve", "comment") if approve else ("deny", "reason")
        self._send(who, f"/requests/{asked.number}/{how}/", {"digest": digest, word: "As it is."}, before)
        after = RoleRequest.objects.get(pk=asked.pk)
        may, was_open = before.may_decide(person.pk, row), asked.state_at(clock.now()) == PENDING
        self.happened[f"{asked.state} to {after.state}, {'entitled' if may else 'not entitled'}"] += 1
        if after.state != asked.state:
            assert may, f"{person.user_id} decided {asked.number}"
            assert was_open
            assert after.decided_by_id == person.pk
        elif may and was_open and not approve:
            raise AssertionError(
                f"{person.user_id} could not deny {asked.number}: {build.text_of(page)[:900]}"
            )

    def _choose_place(self, browser, where):
        """One of the three organizations, or the record that nobody has claimed."""
        places = list(self.cast.places.values())
        if where % 4 < 3:
            typed = {"organization": str(places[where % 4].pk)}
            browser.post("/role-request/organization/pick/", typed)
            return
        record = self.cast.unclaimed
        columns = ("submitter_id", "legal_name", "address", "city", "state", "zip", "phone")
        typed = {name: getattr(record, name) for name in columns} | {"tin": "123456792"}
        browser.post("/role-request/organization/create/", typed)

    def _request(self, which):
        numbers = list(self.reasons)
        waiting = set(RoleRequest.objects.filter(state=PENDING).values_list("number", flat=True))
        open_ones = [number for number in numbers if number in waiting] or numbers
        return queries.request_numbered(open_ones[which % len(open_ones)])

    def _open(self, who, path, before):
        return self._read(who, self.browsers[who].get(path, follow=True), before)

    def _send(self, who, path, data, before, *, typed=""):
        return self._read(who, self.browsers[who].post(path, data, follow=True), before, typed)

    def _read(self, who, response, before, typed=""):
        """INV-14: no reason and no user ID on the page but such as this reader may know, before the step or after it."""
        assert response.status_code < 500
        html, viewer = response.content.decode(), self.cast.people[who].pk
        told = {number for number, reason in self.reasons.items() if reason in html}
        named = [one.pk for one in self.cast.people if one.user_id in html and one.user_id != typed]
        if _unknown(before, viewer, told, named):
            assert not _unknown(Truth(clock.now()), viewer, told, named), build.text_of(response)[:2000]
        return response


def _unknown(truth: Truth, viewer: UUID, told: set[str], named: list[UUID]) -> list[object]:
    """The requests and people of which the viewer should not read here."""
    requests = [
        row["number"] for row in truth.requests if row["number"] in told and not truth.may_know(viewer, row)
    ]
    return [*requests, *(person for person in named if not truth.may_see_person(viewer, person))]
