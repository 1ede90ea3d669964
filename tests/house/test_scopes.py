"""Rows of roles and organizations are asked for in one place, with their scope; pages never ask for all of them (INV-14)."""

import re

from tests.house.source import ROOT, told

RAW = re.compile(r"\b(Grant|RoleRequest|Invitation|Organization|EnrollmentRecord)\.objects\b")
IDM = ROOT / "src" / "bailiwick" / "idm"


def test_pages_ask_the_queries_for_roles_and_organizations():
    """No view, form or page of IDM reads these tables by itself. [INV-14]"""
    pages = [
        *IDM.rglob("*views.py"),
        *IDM.rglob("*forms.py"),
        *IDM.rglob("page.py"),
        *(IDM / "portal").rglob("*.py"),
    ]
    findings = [
        f"{path.relative_to(ROOT)}: {found[0]}"
        for path in sorted(set(pages))
        for found in RAW.finditer(path.read_text())
    ]
    assert len(pages) > 30
    assert not findings, told(
        findings, "Ask bailiwick.idm.access.queries or bailiwick.idm.organizations.queries."
    )
