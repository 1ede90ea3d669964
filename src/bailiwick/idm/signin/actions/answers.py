"""Changing the security question and its answer (P-10). The answer is hashed like a password, outside any transaction."""

from datetime import datetime

from django.conf import settings
from django.db import transaction

from bailiwick.ground.ledger.actions import append
from bailiwick.ground.outbox.actions import notice
from bailiwick.ground.rulings import By, No
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.rules.deeds import Deed
from bailiwick.idm.rules.signin import may_be_answer, normalized_answer
from bailiwick.idm.signin import hashing
from bailiwick.idm.signin.models import FormerAnswer, SecurityAnswer


def change_question(*, account: Account, question: str, answer: str, by: By, now: datetime) -> None:
    """Store another question and answer, or another answer to the same one. Asked only of who was freshly verified (S-6).

    Refuses QUESTION_UNKNOWN and ANSWER_LENGTH. Raises Busy where too many hash already.
    """
    ruling = may_be_answer(question, answer, settings.LIMITS)
    if isinstance(ruling, No):
        ruling.raise_it()
    with hashing.place_in_line():
        encoded = hashing.encode(normalized_answer(answer))
    columns = {"question": question, "encoded": encoded, "set_at": now}
    with transaction.atomic():
        former = SecurityAnswer.objects.select_for_update().filter(pk=account.pk)
        for question_before, encoded_before, since in former.values_list("question", "encoded", "set_at"):
            before = {"question": question_before, "encoded": encoded_before, "set_at": since}
            FormerAnswer.objects.create(account=account, replaced_at=now, **before)
        SecurityAnswer.objects.update_or_create(account=account, defaults=columns)
        append(Deed.SECURITY_QUESTION_CHANGED, by=by, now=now, subject=account.pk)
        key = f"question:{account.pk}:{now.isoformat()}"
        told = {"language": account.language, "inbox": str(account.pk)}
        notice("question_changed", to=account.email, key=key, now=now, **told)
