"""IDM's worker: delivers what waits in the outbox and runs the periodic jobs (`bailiwick idm work`)."""

from datetime import datetime

import django


def main() -> None:
    """Work until SIGTERM or SIGINT."""
    django.setup()
    # Rooms with models can be imported only now.
    from bailiwick.ground.jobs.loop import Periodic, stop_on_signals, work
    from bailiwick.ground.outbox.channels import channels
    from bailiwick.ground.outbox.delivery import deliver_due
    from bailiwick.ground.program import clock
    from bailiwick.ground.uploads.jobs import PERIODICS as UPLOAD_JOBS
    from bailiwick.idm.access.jobs import PERIODICS as ACCESS_JOBS
    from bailiwick.idm.helpdesk.jobs import PERIODICS as DESK_JOBS
    from bailiwick.idm.portal.jobs import PERIODICS as PORTAL_JOBS
    from bailiwick.idm.protocols.oidc.jobs import PERIODICS as OIDC_JOBS
    from bailiwick.idm.protocols.oidc.vendors.logout_delivery import deliver as deliver_logout
    from bailiwick.idm.protocols.oidc.vendors.subject_delivery import deliver as deliver_subject
    from bailiwick.idm.registration.jobs import PERIODICS as REGISTRATION_JOBS
    from bailiwick.idm.registry.jobs import PERIODICS as REGISTRY_JOBS
    from bailiwick.idm.sessions.jobs import PERIODICS as SESSION_JOBS
    from bailiwick.idm.signin.jobs import PERIODICS as SIGNIN_JOBS
    from bailiwick.idm.site.starting import refuse_files_not_applied

    refuse_files_not_applied()

    doors = {**channels(), "call:backchannel-logout": deliver_logout, "call:subject-changed": deliver_subject}

    def deliver(now: datetime) -> int:
        return deliver_due(now, channels=doors, clock=clock.now)

    periodic: list[Periodic] = [
        *ACCESS_JOBS,
        *DESK_JOBS,
        *OIDC_JOBS,
        *PORTAL_JOBS,
        *UPLOAD_JOBS,
        *REGISTRATION_JOBS,
        *REGISTRY_JOBS,
        *SESSION_JOBS,
        *SIGNIN_JOBS,
    ]
    work(pulls=[deliver], periodic=periodic, clock=clock.now, stop=stop_on_signals())
