"""What kept files ask for by themselves: they go on their day, and new ones are shown to the scanner. (V-7)

Both look after every kept file of the program, whichever room keeps it.
"""

from datetime import datetime

from django.conf import settings

from bailiwick.ground.jobs.loop import Periodic
from bailiwick.ground.rulings import By
from bailiwick.ground.uploads import actions
from bailiwick.ground.uploads.scanning import scan_waiting


def delete_due(now: datetime) -> None:
    actions.delete_due(by=By("system:delete-uploads"), now=now)


def scan(now: datetime) -> None:  # noqa: ARG001 - a job's signature
    scan_waiting(settings.UPLOAD_SCANNER)


PERIODICS = [
    Periodic(name="uploads.delete-due", cron="17 * * * *", run=delete_due),
    Periodic(name="uploads.scan", cron="* * * * *", run=scan),
]
