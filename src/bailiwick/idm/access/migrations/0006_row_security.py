"""The second wall on PostgreSQL: whoever became the tenant sees the rows of one person and their organizations (INV-14).

The policies are RESTRICTIVE, for the tenant alone, beside one that lets everybody else through: to web server and
worker outside the wall they cost nothing. Whose wall it is stands in the transaction (ground/program/walls.py).
"""

from django.conf import settings
from django.db import ProgrammingError, migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from bailiwick.ground.program.database_roles import making_tenant, roles_of

ME = "(SELECT nullif(current_setting('bailiwick.account', true), '')::uuid)"
PLACES = "((SELECT string_to_array(current_setting('bailiwick.organizations', true), ',')::uuid[])::uuid[])"

# What of each table belongs to a person and their organizations.
THEIRS = {
    "idm_access_grant": "account_id = :me OR organization_id = ANY :places",
    "idm_access_rolerequest": "account_id = :me OR organization_id = ANY :places",
    "idm_access_invitation": "inviter_id = :me OR taken_by_id = :me OR organization_id = ANY :places",
    "idm_access_export": "account_id = :me OR organization_id = ANY :places",
    # Also where they hold or asked for a role without deciding anything there.
    "idm_organizations_organization": """id = ANY :places
        OR EXISTS (SELECT FROM idm_access_grant AS held
                   WHERE held.organization_id = idm_organizations_organization.id AND held.account_id = :me)
        OR EXISTS (SELECT FROM idm_access_rolerequest AS asked
                   WHERE asked.organization_id = idm_organizations_organization.id AND asked.account_id = :me)""",
    "idm_organizations_enrollmentrecord": """
        EXISTS (SELECT FROM idm_organizations_organization AS claimed
                WHERE claimed.record_id = idm_organizations_enrollmentrecord.id)
        OR EXISTS (SELECT FROM idm_access_rolerequest AS asked
                   WHERE asked.record_id = idm_organizations_enrollmentrecord.id AND asked.account_id = :me)""",
    "idm_organizations_formerperson": """
        EXISTS (SELECT FROM idm_organizations_enrollmentrecord AS named
                WHERE named.id = idm_organizations_formerperson.record_id)""",
    "idm_access_signedform": """
        EXISTS (SELECT FROM idm_organizations_enrollmentrecord AS named
                WHERE named.id = idm_access_signedform.record_id)""",
}


def build(_apps: object, editor: BaseDatabaseSchemaEditor) -> None:
    if editor.connection.vendor != "postgresql":
        return
    roles = roles_of(settings.PROGRAM)
    try:
        for statement in making_tenant(roles):
            editor.execute(statement)
    except ProgrammingError as refused:
        raise RuntimeError(
            f"The role {roles.tenant} is missing, and this user may not make it: let an administrator of the "
            f"database run what `bailiwick {settings.PROGRAM} database_roles --print` prints, then migrate again."
        ) from refused
    for table, theirs in THEIRS.items():
        rows = theirs.replace(":me", ME).replace(":places", PLACES)
        editor.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        editor.execute(f"CREATE POLICY everybody ON {table} USING (true) WITH CHECK (true)")
        editor.execute(
            f'CREATE POLICY bailiwick ON {table} AS RESTRICTIVE TO "{roles.tenant}" USING ({rows})'
        )


def take_down(_apps: object, editor: BaseDatabaseSchemaEditor) -> None:
    if editor.connection.vendor != "postgresql":
        return
    for table in THEIRS:
        editor.execute(f"DROP POLICY bailiwick ON {table}")
        editor.execute(f"DROP POLICY everybody ON {table}")
        editor.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")


class Migration(migrations.Migration):
    dependencies = [("idm_access", "0005_grants"), ("idm_organizations", "0002_search")]

    operations = [migrations.RunPython(build, take_down)]
