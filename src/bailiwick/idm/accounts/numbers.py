"""Which social security number is which, without anybody keeping its digest (A-2, L-4). Offered by `actions` and `queries`.

Every process writes a number's digest under every key of its ring, and the database lets each digest be there once. Two
processes whose rings share one key, as they do at each step of a rotation, can therefore not give one number two identities.
"""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models.functions import Now

from bailiwick.ground import vault
from bailiwick.idm.accounts.models import Account, KnownSsn, SsnDigest, SsnNumber
from bailiwick.idm.rules.accounts import SsnState

PLACE = "idm_accounts.knownssn.number"
ROUNDS = 5


def identity_of(ssn: str) -> bytes:
    """The identity of a number that was given before; b"" for any other. About 30 ms."""
    found = _find(vault.stretched_digests(ssn)) if ssn else None
    return bytes(found.identity) if found else b""


def known_identity(ssn: str) -> bytes:
    """The identity of a normalized SSN, given to it now where it had none; b"" for none. About 30 ms: outside transactions."""
    if not ssn:
        return b""
    digests = vault.stretched_digests(ssn)
    for _ in range(ROUNDS):
        found = _find(digests)
        try:
            with transaction.atomic():
                known = found or _first_seen(ssn)
                if found:
                    KnownSsn.objects.filter(pk=found.pk).update(seen_at=Now())
                _add(known, digests)
        except IntegrityError:
            continue  # somebody else gave the same number at the same instant: theirs counts
        return bytes(known.identity)
    raise RuntimeError("A number cannot be told from another: its digests belong to two.")


def number_of(known: KnownSsn) -> str:
    """The number itself, opened: nine digits."""
    return vault.unseal(known.number_sealed, place=PLACE, row=str(known.pk))


def add_digests(known: KnownSsn) -> bool:
    """Write the number's digest under every key of the ring that has none yet. False where that came to nothing."""
    held = [bytes(digest) for digest in known.digests.values_list("digest", flat=True)]
    digests = vault.stretched_digests(number_of(known))
    try:
        with transaction.atomic():
            _add(known, [digest for digest in digests if digest not in held])
    except IntegrityError:
        return False
    return True


def forget_unclaimed(*, before: datetime) -> int:
    """Forget the numbers that were last typed before then and that no account ever claimed; how many."""
    claimed = SsnNumber.objects.values("digest")
    unclaimed = KnownSsn.objects.filter(seen_at__lt=before).exclude(identity__in=claimed)
    return unclaimed.delete()[1].get("idm_accounts.KnownSsn", 0)


def was_ever_verified(account: Account) -> bool:
    """Whether any number of this account was proofed once, also one that was replaced since: the desk corrects (A-7)."""
    once = (SsnState.VERIFIED, SsnState.FORMER)
    return SsnNumber.objects.filter(account=account, state__in=once).exists()


def current_ssn_digests(accounts: Iterable[UUID]) -> dict[UUID, bytes]:
    """What the numbers are known by that these accounts claim or hold; who has none is not in it."""
    current = SsnNumber.objects.filter(
        account__in=list(accounts), state__in=(SsnState.CLAIM, SsnState.VERIFIED)
    )
    return {key: bytes(digest) for key, digest in current.values_list("account_id", "digest")}


def _find(digests: Iterable[bytes]) -> KnownSsn | None:
    return KnownSsn.objects.filter(digests__digest__in=list(digests)).order_by("pk").first()


def _first_seen(ssn: str) -> KnownSsn:
    known = KnownSsn()
    known.number_sealed = vault.seal(ssn, place=PLACE, row=str(known.pk))
    known.save(force_insert=True)
    return known


def _add(known: KnownSsn, digests: Iterable[bytes]) -> None:
    held = {bytes(digest) for digest in known.digests.values_list("digest", flat=True)}
    SsnDigest.objects.bulk_create(
        [SsnDigest(known=known, digest=digest) for digest in digests if digest not in held]
    )
