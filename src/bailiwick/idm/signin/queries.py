"""Reading what opens an account: passwords, answers, links; and, from `held`, the factors."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import CharField

from bailiwick.ground.rulings import No, Yes
from bailiwick.ground.statements import Read
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.accounts.queries import survivor_of, user_id_key
from bailiwick.idm.rules import passwords
from bailiwick.idm.rules import signin as rules
from bailiwick.idm.rules.accounts import AccountState
from bailiwick.idm.rules.resetting import LinkFacts, LinkState, may_use
from bailiwick.idm.rules.signin import Path, PathState
from bailiwick.idm.sessions.queries import disowned_times
from bailiwick.idm.signin.held import (  # noqa: F401 - this room's queries, in a file of their own
    SECRET_PLACE,
    SHEET_PLACE,
    Device,
    Factor,
    authenticator,
    code_address,
    codes_of,
    confirmed_authenticators,
    counting_sheet,
    counts,
    device,
    factors,
    held_kinds,
    known_channels,
    live_code,
    offered_kinds,
    passkeys,
    phone,
    recovery_codes_left,
    secret_of,
    strongest_factor,
    usable_kinds,
    with_email_only,
)
from bailiwick.idm.signin.ladders import (  # noqa: F401 - likewise
    OPEN_LADDERS,
    accounts_like,
    asks_for_answer,
    cancel_ruling,
    is_outlived,
    may_begin,
    password_set_at,
    recovery,
    recovery_facts,
    reset_by_token,
    reset_facts,
    reset_of,
    source_digest,
    step_ruling,
    still_opens,
)
from bailiwick.idm.signin.leaked import any_listed
from bailiwick.idm.signin.models import (
    FormerAnswer,
    Password,
    PasswordPath,
    ResetLink,
    SecurityAnswer,
)
from bailiwick.idm.signin.questions import QUESTION_WORDS

LONGEST_TOKEN = 100

# Asked at every sign-in.
_password_of = Read(
    lambda key: (
        Password.objects.select_related("account")
        .filter(account__user_id_key=key)
        .exclude(account__state=AccountState.DISCARDED)
    ),
    key=CharField(),
)


@dataclass(frozen=True)
class PathLine:
    """The password path as a desk sees it. `until`: when a lock opens by itself; `failures`: those that still count."""

    state: PathState
    until: datetime | None
    failures: int


def path_key(account: Account) -> bytes:
    """One counter a person, over all spellings and doors (S-5). No key goes into it: no change of keys opens a lock."""
    return hashlib.sha256(f"password-path:{account.pk}".encode()).digest()


def password_path(account: Account, *, now: datetime) -> PathLine:
    """What the password path allows at `now` (S-5, I-2)."""
    row = PasswordPath.objects.filter(pk=path_key(account)).first()
    failed_at = tuple(datetime.fromisoformat(text) for text in row.failed_at.split()) if row else ()
    path = Path(failed_at, row.pending, row.refused) if row else Path()
    limits = settings.LIMITS
    path = rules.refreshed(path, now, limits)
    state = rules.state_of(path, now, limits)
    until = path.failed_at[-1] + limits.lock_time if state is PathState.LOCKED else None
    return PathLine(state, until, len(path.failed_at))


def token_digest(token: str) -> bytes:
    """A reset link's token as it is kept: 256 random bits need no slower digest."""
    return hashlib.sha256(token.encode()).digest()


def reset_link(token: str) -> ResetLink | None:
    """The link of that token in any state, with account and person."""
    if not token or len(token) > LONGEST_TOKEN:
        return None
    rows = ResetLink.objects.select_related("account__person")
    return rows.filter(token_digest=token_digest(token)).first()


def link_ruling(link: ResetLink | None, *, now: datetime) -> Yes | No:
    """Whether the link may be used at `now`, and else why not (P-7)."""
    facts = link and LinkFacts(
        state=LinkState.VOID if is_outlived(link.account, link.sent_at) else LinkState(link.state),
        expires_at=link.expires_at,
        tries=link.tries,
        is_account_active=link.account.state == AccountState.ACTIVE,
    )
    return may_use(facts, now=now, limits=settings.LIMITS)


def password_of_user_id(user_id: str) -> Password | None:
    """The password of the account of that user ID in any spelling, with the account; of a merged one, the survivor's (A-5)."""
    held = _password_of.first(key=user_id_key(user_id))
    if held is None or held.account.merged_into_id is None:
        return held
    survivor = survivor_of(held.account)
    return Password.objects.select_related("account").filter(account=survivor).first()


def security_question(account: Account) -> str:
    """The code of the question that the account answers; "" for none (P-10)."""
    held = answer_in_force(account)
    return held.question if held else ""


def answer_in_force(account: Account) -> SecurityAnswer | FormerAnswer | None:
    """The answer that is asked for: of a frozen account not one that a stranger set in the sign-in it disowned (S-9)."""
    former = answer_before_theft(account) if account.frozen_at else None
    return former or SecurityAnswer.objects.filter(pk=account.pk).first()


def answer_before_theft(account: Account) -> FormerAnswer | None:
    """The first answer that was replaced in a sign-in which the holder disowned; None where none was."""
    times = disowned_times(account)
    rows = FormerAnswer.objects.filter(account=account).order_by("replaced_at") if times else []
    within = (row for row in rows if any(begun <= row.replaced_at <= over for begun, over in times))
    return next(within, None)


def question_words(account: Account) -> str:
    """The account's question as it is asked; "" where there is none."""
    return str(dict(QUESTION_WORDS).get(security_question(account), ""))


def security_questions() -> tuple[tuple[str, Any], ...]:
    """(code, words) of every question that can be chosen (P-10)."""
    return QUESTION_WORDS


def password_objections(password: str, owner: passwords.Owner) -> Iterator[No]:
    """Everything that P-1 and P-2 object to in a new password, the list of leaked ones asked; former passwords aside."""
    is_common = any_listed(passwords.common_forms(password))
    return passwords.objections(password, owner, settings.LIMITS, settings.PROFILE, is_common=is_common)


def masked_email(email: str) -> str:
    """Enough of the address to know which mailbox to look into, not enough to learn it."""
    name, _, domain = email.partition("@")
    return f"{name[:1]}•••@{domain}" if domain else "•••"
