"""Invitations and the links that were mailed, as plain functions."""

import re
from itertools import count

from bailiwick.ground.outbox import sealing
from bailiwick.ground.outbox.models import Message
from bailiwick.ground.program import clock
from bailiwick.idm.access.actions import invite
from bailiwick.idm.access.models import Invitation
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.organizations.models import Organization
from bailiwick.idm.rules.grants import SignInStrength
from bailiwick.wire.claims import ACR_MFA
from tests.idm import build_pages as build

STRONG = SignInStrength(acr=ACR_MFA, is_limited=False)
MAILBOX = "noor.ashgrove@mail.example"
_numbers = count(1)


def once() -> str:
    return f"00000000-0000-4000-9000-{next(_numbers):012}"


def invitation(
    inviter: Account, of: Organization, *, email: str = MAILBOX, role: str = "end-user", **changes: object
) -> Invitation:
    """Sent by `inviter` now, unless `changes` say otherwise."""
    values = {"once": once(), "strength": STRONG, "by": build.By(str(inviter.pk)), "now": clock.now()}
    return invite(
        inviter=inviter, application="spot", role=role, organization=of, email=email, **(values | changes)
    )


def mails(kind: str = "invitation") -> list[Message]:
    return list(Message.objects.filter(kind=kind).order_by("pk"))


def link_in(message: Message) -> str:
    """The path of the link in a mail."""
    return re.search(r"/invitations/[\w-]+/", sealing.unseal(message.body, key=message.key)).group()


def newest_link() -> str:
    return link_in(mails()[-1])
