"""Getting back in, in a browser: each step of the ladder as a plain function."""

import re

from django.test import Client

from tests.idm import build_accounts as build

NEW = "Copper-Falcon-Harbor-8"
LADDER = re.compile(r'name="ladder" value="([^"]+)"')
PATHS = {
    "password": (
        "/forgot-password/",
        "/forgot-password/way/",
        "/forgot-password/code/",
        "/forgot-password/new/",
    ),
    "unlock": ("/unlock/", "/unlock/way/", "/unlock/code/", "/unlock/answer/"),
}


def ladder_on(client: Client, path: str) -> str:
    """What the page's form says which ladder it belongs to."""
    found = LADDER.search(client.get(path).content.decode())
    return found[1] if found else ""


def begins(client: Client, user_id: str, goal: str = "password"):
    return client.post(PATHS[goal][0], {"user_id": user_id})


def chooses(client: Client, channel: str = "email", goal: str = "password"):
    ladder = ladder_on(client, PATHS[goal][1])
    return client.post(PATHS[goal][1], {"ladder": ladder, "channel": channel})


def types_code(client: Client, code: str, goal: str = "password"):
    ladder = ladder_on(client, PATHS[goal][2])
    return client.post(PATHS[goal][2], {"ladder": ladder, "code": code})


def finishes(client: Client, goal: str = "password", *, answer: str = build.ANSWER, new: str = NEW):
    ladder = ladder_on(client, PATHS[goal][3])
    form = {"ladder": ladder, "answer": answer}
    if goal == "password":
        form |= {"new": new, "again": new}
    return client.post(PATHS[goal][3], form)


def code_for(address: str, kind: str = "recovery_code") -> str:
    """The newest code for the way back in that went to that address."""
    return re.search(r"\b[0-9]{6}\b", build.text_of(build.mails_to(address, kind)[-1])).group()


def proves(client: Client, holder, goal: str = "password"):
    """Up to the last step."""
    begins(client, holder.user_id, goal)
    chooses(client, "email", goal)
    return types_code(client, code_for(holder.email), goal)


def recovers(client: Client, holder, goal: str = "password", **how):
    proves(client, holder, goal)
    return finishes(client, goal, **how)


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06}"
