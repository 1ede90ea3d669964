"""SPOT's worker: tells IDM about enrollment records and runs the periodic jobs (`bailiwick spot work`)."""

from datetime import datetime

import django


def main() -> None:
    """Work until SIGTERM or SIGINT."""
    django.setup()
    # Rooms with models can be imported only now.
    from bailiwick.ground.jobs.loop import Periodic, stop_on_signals, work
    from bailiwick.ground.outbox.channels import channels
    from bailiwick.ground.outbox.delivery import deliver_due
    from bailiwick.ground.outbox.forgetting import forget_contents
    from bailiwick.ground.program import clock
    from bailiwick.ground.uploads.jobs import PERIODICS as UPLOAD_JOBS
    from bailiwick.spot.enrollment import jobs as enrollment
    from bailiwick.spot.enrollment.vendors import provisioning
    from bailiwick.spot.forms import jobs as forms
    from bailiwick.spot.papers.enclosing import enclosing
    from bailiwick.spot.portal import jobs as portal
    from bailiwick.spot.signin import jobs as signin

    ways = channels()
    ways["email"] = enclosing(ways["email"])
    doors = {**ways, f"call:{provisioning.KIND}": provisioning.deliver}

    def deliver(now: datetime) -> int:
        return deliver_due(now, channels=doors, clock=clock.now)

    periodic = [
        Periodic("clean-sessions", "*/10 * * * *", signin.clean),
        # In this order: what IDM lacks is told to the desk before it is sent.
        Periodic("report-record-differences", "20 2 * * *", enrollment.report_differences),
        Periodic("compare-enrollment-records", "50 2 * * *", enrollment.send_what_idm_lacks),
        *forms.PERIODICS,
        *UPLOAD_JOBS,
        *portal.PERIODICS,
        Periodic("outbox.forget-contents", "27 * * * *", forget_contents),
    ]
    work(pulls=[deliver], periodic=periodic, clock=clock.now, stop=stop_on_signals())
