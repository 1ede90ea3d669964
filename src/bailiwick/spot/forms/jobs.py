"""The rounds of this room and when they are due; `site` registers them. Each may run late, twice or never (I-2)."""

from datetime import datetime

from bailiwick.ground.jobs.loop import Periodic
from bailiwick.ground.ledger import By
from bailiwick.spot.forms import actions, checks


def expire_cases(now: datetime) -> None:
    actions.expire_cases(by=By("system:forms.expire-cases"), now=now)


def forget_old(now: datetime) -> None:
    actions.forget_old(by=By("system:forms.forget-old"), now=now)


def ask_payer_again(now: datetime) -> None:
    checks.ask_for_those_who_wait(by=By("system:forms.ask-payer-again"), now=now)


PERIODICS = (
    Periodic("forms.expire-cases", "*/10 * * * *", expire_cases),
    Periodic("forms.ask-payer-again", "*/5 * * * *", ask_payer_again),
    Periodic("forms.forget-old", "40 2 * * *", forget_old),
)
