"""How many tries of one person were evaluated: `python -m bench.guessed <user id>`, a process of IDM. Prints JSON.

A try that is let through to the hash is reserved on the path before; what the path holds is what was evaluated (S-5).
"""

import json
import sys


def main(user_id: str) -> None:
    import django

    django.setup()
    from django.conf import settings

    from bailiwick.idm.accounts.queries import account_by_user_id
    from bailiwick.idm.signin.actions.attempts import key_of
    from bailiwick.idm.signin.models import PasswordPath

    row = PasswordPath.objects.get(key=key_of(account_by_user_id(user_id), user_id))
    told = {"evaluated": len(row.failed_at.split()), "limit": settings.LIMITS.failures_before_lock}
    print(json.dumps(told))


if __name__ == "__main__":
    main(sys.argv[1])
