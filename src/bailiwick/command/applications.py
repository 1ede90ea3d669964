"""`bailiwick apps check`: the application files as the operator wrote them, mistakes named by line (O-6)."""

from pathlib import Path

from bailiwick.idm.applications.loader import check


def mistakes_in(directory: Path) -> list[str]:
    """Every mistake of every file there, as `file:line: sentence`; empty where IDM would start."""
    return [str(mistake) for mistake in check(directory)]


def check_and_print(directory: Path) -> int:
    """0 and one line, or 1 and the mistakes."""
    mistakes = mistakes_in(directory)
    for mistake in mistakes:
        print(mistake)
    if not mistakes:
        print(f"The application files in {directory} are in order.")
    return 1 if mistakes else 0
