"""What the OpenID Provider does by the clock; `site` registers it. It may run late, twice or never (I-2)."""

from datetime import datetime

from bailiwick.ground.jobs.loop import Periodic
from bailiwick.idm.protocols.oidc import actions


def forget_used_assertions(now: datetime) -> None:
    actions.forget_used_assertions(now=now)


PERIODICS = (Periodic("oidc.forget-used-assertions", "*/10 * * * *", forget_used_assertions),)
