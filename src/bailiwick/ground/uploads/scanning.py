"""Shows the scanner what waits in quarantine, outside any transaction."""

from bailiwick.ground.uploads import actions, queries
from bailiwick.ground.uploads.rules import Kind
from bailiwick.ground.uploads.scanners import Scanner, Verdict

AT_A_TIME = 20


def scan_waiting(scanner: Scanner | None) -> int:
    """Show the scanner what waits in quarantine; says how many it judged. Safe to run twice at a time.

    Without a scanner (it was taken out of service) what waits stays closed: nobody said that it is clean.
    """
    if scanner is None:
        return 0
    judged = 0
    for upload in queries.in_quarantine(most=AT_A_TIME):
        verdict = scanner.scan(queries.unsealed(upload.pk), kind=Kind(upload.kind))
        if verdict is Verdict.NONE:
            break  # away: the others would wait for it as long
        actions.settle_scan(upload.pk, is_clean=verdict is Verdict.CLEAN)
        judged += 1
    return judged
