"""PostgreSQL's roles of one program: its web server and its worker own nothing, and a walled page may do less still.

`web` and `worker` read and write rows; only the owner, who migrates, changes tables. `tenant` is nobody's login: a
page about one person's organizations becomes it for a transaction (`walls.py`), and policies show it their rows alone.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.backends.base.base import BaseDatabaseWrapper

# Written by the migrations and by triggers' leave alone.
READ_ONLY = ("django_migrations",)
APPEND_ONLY = ("ledger_entry",)


@dataclass(frozen=True)
class Roles:
    """Their names in the cluster."""

    web: str
    worker: str
    tenant: str

    @property
    def all(self) -> tuple[str, ...]:
        return (self.web, self.worker, self.tenant)


def roles_of(program: str) -> Roles:
    return Roles(*(f"bailiwick_{program}_{part}" for part in ("web", "worker", "tenant")))


def making(roles: Roles, *, owner: str) -> list[str]:
    """What an administrator of the cluster, or an owner with CREATEROLE, runs once. Again changes nothing."""
    return [
        # Without INHERIT the web server is not under the tenant's policies until it becomes the tenant.
        _created(roles.web, "LOGIN NOINHERIT"),
        _created(roles.worker, "LOGIN"),
        *making_tenant(roles),
        _member(roles.tenant, roles.web),
        _member(roles.tenant, owner),
    ]


def making_tenant(roles: Roles) -> list[str]:
    return [_created(roles.tenant, "NOLOGIN")]


def granting(roles: Iterable[str], tables: Iterable[str]) -> list[str]:
    """What these roles may do with the tables that there are now; the owner runs it after every migration."""
    to, existing = ", ".join(f'"{role}"' for role in roles), set(tables)
    statements = [
        f"GRANT USAGE ON SCHEMA public TO {to}",
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {to}",
        f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {to}",
    ]
    statements += [
        f"REVOKE INSERT, UPDATE, DELETE ON {name} FROM {to}" for name in READ_ONLY if name in existing
    ]
    return statements + [
        f"REVOKE UPDATE, DELETE ON {name} FROM {to}" for name in APPEND_ONLY if name in existing
    ]


def present(connection: BaseDatabaseWrapper, roles: Roles) -> list[str]:
    """Those of the roles that the cluster has."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolname FROM pg_roles WHERE rolname = ANY(%s)", [list(roles.all)])
        return sorted(name for (name,) in cursor.fetchall())


def grant_to_those_present(connection: BaseDatabaseWrapper, roles: Roles) -> list[str]:
    """Grant what `granting` says; returns to whom."""
    found = present(connection, roles)
    if found:
        with connection.cursor() as cursor:
            tables = connection.introspection.table_names(cursor)
            for statement in granting(found, tables):
                cursor.execute(statement)
    return found


def _created(name: str, abilities: str) -> str:
    # Two may run it at once: a test's processes, two programs being set up.
    return (
        f"DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{name}') THEN "
        f'CREATE ROLE "{name}" {abilities}; END IF; '
        "EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$"
    )


def _member(group: str, member: str) -> str:
    """A membership that is there stays as it is: granting it again may ask for more rights than the owner has."""
    return (
        f"DO $$ BEGIN IF NOT pg_has_role('{member}', '{group}', 'MEMBER') THEN "
        f'GRANT "{group}" TO "{member}"; END IF; '
        "EXCEPTION WHEN unique_violation THEN NULL; END $$"
    )
