"""SQL statements of each step, counted in a process of IDM: `python -m bench.statements <people.json> <key file> <spot url>`.

BEGIN and COMMIT are counted apart. Prints JSON: step -> {statements, transaction control, sql}.
"""

import json
import sys
from pathlib import Path
from typing import Any

from bench.relying import Relying

CONTROL = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")


class Counter:
    """Django's test client, with everything that goes to the database written down."""

    def __init__(self) -> None:
        from django.test import Client

        self.client = Client()
        self.found: dict[str, dict[str, Any]] = {}

    def step(self, name: str, ask: Any, status: int) -> Any:
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        with CaptureQueriesContext(connection) as captured:
            answer = ask()
        assert answer.status_code == status, (name, answer.status_code, answer.content[:500])
        sql = [query["sql"] for query in captured.captured_queries]
        control = [one for one in sql if one.lstrip().upper().startswith(CONTROL)]
        self.found[name] = {
            "statements": len(sql) - len(control),
            "control": len(control),
            "sql": sql,
        }
        return answer


def main(people: str, key_file: str, spot_url: str) -> None:
    import django

    django.setup()
    from django.conf import settings

    settings.ALLOWED_HOSTS.append("testserver")
    first, second = json.loads(people)
    _count(Counter(), first, key_file, spot_url)  # whatever is read once a process is read here
    counter = Counter()
    _count(counter, second, key_file, spot_url)
    print(json.dumps(counter.found))


def _count(counter: Counter, person: dict[str, str], key_file: str, spot_url: str) -> None:
    import pyotp
    from django.conf import settings

    client = counter.client
    password = {"user_id": person["user_id"], "password": person["password"], "terms": "on"}
    number = {"factor": "totp", "code": pyotp.TOTP(person["authenticator"]).now()}
    counter.step("GET /", lambda: client.get("/"), 200)
    counter.step("POST / (password)", lambda: client.post("/", password), 302)
    counter.step("GET /sign-in/verify/", lambda: client.get("/sign-in/verify/"), 200)
    counter.step("POST /sign-in/verify/ (TOTP)", lambda: client.post("/sign-in/verify/", number), 302)
    relying = Relying(
        issuer=settings.BASE_URL, redirect_uri=f"{spot_url}/oidc/callback", key_file=Path(key_file)
    )
    counter.step("authorize, first entry", lambda: client.get(relying.authorize_path()), 302)
    answer = counter.step("authorize, again", lambda: client.get(relying.authorize_path()), 302)
    form = relying.exchange_form(answer["Location"])
    tokens = counter.step("code exchange", lambda: _post("/oidc/token", form), 200).json()
    form = relying.introspection_form(tokens["access_token"])
    counter.step("introspection", lambda: _post("/oidc/introspect", form), 200)


def _post(path: str, form: str) -> Any:
    from django.test import Client

    return Client().post(path, form, content_type="application/x-www-form-urlencoded")


if __name__ == "__main__":
    main(*sys.argv[1:])
