"""`bailiwick run` lets each program become its own role on PostgreSQL (docs/operations.md)."""

from bailiwick.command.world import World

PORTS = {"idm": 1, "spot": 2, "bureau": 3}


def databases(tmp_path, url):
    world = World(tmp_path, PORTS, {"IDM_DATABASE_URL": url} if url else {})
    world.lay_out()
    return {
        child.name: child.environment.get("IDM_DATABASE_URL")
        for child in (*world.servers(), *world.workers())
    }


def test_server_and_worker_are_no_owners(tmp_path):
    """Each has its role, whatever else the address says."""
    found = databases(tmp_path, "postgresql://me@db/idm?sslmode=require")
    assert found["idm"].endswith("?sslmode=require&options=-c%20role%3Dbailiwick_idm_web")
    assert found["idm-worker"].endswith("&options=-c%20role%3Dbailiwick_idm_worker")


def test_sqlite_knows_no_roles(tmp_path):
    """Its file is what it was."""
    assert databases(tmp_path, "")["idm"] is None
    assert databases(tmp_path, "sqlite:////tmp/idm.sqlite3")["idm"] == "sqlite:////tmp/idm.sqlite3"
