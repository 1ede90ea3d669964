"""The second wall: PostgreSQL shows a walled page only what its policies let through, whatever is asked (INV-14, SR-20)."""

import io

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import ProgrammingError, connection, transaction

from bailiwick.ground.program.database_roles import grant_to_those_present, making_tenant, roles_of
from bailiwick.ground.program.walls import beyond, within

needs_roles = pytest.mark.only_on("postgresql")
ROLES = roles_of(settings.PROGRAM)
FENCED = (
    "CREATE TABLE fenced (owner text)",
    "INSERT INTO fenced VALUES ('ada'), ('bea')",
    "ALTER TABLE fenced ENABLE ROW LEVEL SECURITY",
    "CREATE POLICY everybody ON fenced USING (true)",
    f"""CREATE POLICY own ON fenced AS RESTRICTIVE TO "{ROLES.tenant}"
        USING (owner = current_setting('bailiwick.account', true))""",
)


@pytest.fixture
def fenced(db):
    with connection.cursor() as cursor:
        for statement in (*making_tenant(ROLES), *FENCED):
            cursor.execute(statement)
    grant_to_those_present(connection, ROLES)


def owners():
    with connection.cursor() as cursor:
        cursor.execute("SELECT owner FROM fenced ORDER BY owner")
        return [owner for (owner,) in cursor.fetchall()]


@needs_roles
def test_inside_one_sees_and_writes_ones_own_rows(fenced):
    """Reading all shows one's own; changing all changes one's own; a row for somebody else is refused. [INV-14]"""
    with within(account="ada"):
        assert owners() == ["ada"]
        with connection.cursor() as cursor:
            cursor.execute("UPDATE fenced SET owner = owner")
            assert cursor.rowcount == 1
        with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("INSERT INTO fenced VALUES ('bea')")
    assert owners() == ["ada", "bea"]


@needs_roles
def test_beyond_the_wall_the_program_asks_for_itself(fenced):
    """The wall is open inside and stands again afterwards, also when what was asked failed. [INV-14]"""
    with within(account="ada"):
        with beyond():
            assert owners() == ["ada", "bea"]
        with pytest.raises(ProgrammingError), transaction.atomic(), beyond(), connection.cursor() as cursor:
            cursor.execute("SELECT nothing FROM fenced")
        assert owners() == ["ada"]


@needs_roles
def test_without_a_value_one_sees_nothing(fenced):
    """Who forgets to say whose wall it is gets an empty page. [INV-14]"""
    with within():
        assert owners() == []


@needs_roles
@pytest.mark.django_db(transaction=True)
def test_the_wall_is_put_up_anew_in_every_transaction(fenced):
    """Alone standing statements, a transaction that is taken back and the next: all behind it, and the connection is clean afterwards. [INV-14]"""
    try:
        with within(account="ada"):
            assert owners() == ["ada"]
            with transaction.atomic():
                with transaction.atomic():
                    assert owners() == ["ada"]
                transaction.set_rollback(True)
            with transaction.atomic():
                assert owners() == ["ada"]
            with beyond():
                assert owners() == ["ada", "bea"]
            assert owners() == ["ada"]
        assert owners() == ["ada", "bea"]
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE fenced")


@needs_roles
@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE of_ours (id int)",
        "ALTER TABLE outbox_message DISABLE ROW LEVEL SECURITY",
        "TRUNCATE outbox_message",
        "UPDATE ledger_entry SET why = ''",
        "DELETE FROM ledger_entry",
        "DELETE FROM django_migrations",
    ],
)
@pytest.mark.parametrize("role", [ROLES.web, ROLES.worker])
def test_web_server_and_worker_read_and_write_rows_and_nothing_else(role, statement):
    """Tables are the owner's; the ledger is only added to, the migrations are only read. [L-1, SR-20]"""
    call_command("database_roles", stdout=io.StringIO())
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('role', %s, true)", [role])
        cursor.execute("UPDATE jobs_tick SET last_run_at = last_run_at")
        with pytest.raises(ProgrammingError, match=r"permission denied|must be owner"), transaction.atomic():
            cursor.execute(statement)


@pytest.mark.only_on("sqlite")
def test_on_sqlite_there_is_no_second_wall(db):
    """Said aloud: there the queries' own scopes are the only wall. [INV-14]"""
    told = io.StringIO()
    call_command("database_roles", stdout=told)
    assert "no roles" in told.getvalue()
    with within(account="ada"), beyond(), connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        assert cursor.fetchone() == (1,)
