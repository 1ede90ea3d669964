"""What the operator is told about application files (O-6)."""

from django.utils.translation import gettext_lazy as _

from bailiwick.idm.rules.catalogue import Refusal

WORDS = {
    Refusal.ROLE_IN_USE: _(
        "The role “%(role)s” of “%(application)s” cannot leave: it is held or asked for %(times)s times. "
        "Remove it from its holders and decide the requests first, or keep it in the file."
    ),
    Refusal.NOT_APPLIED: _(
        "The application files are not what was put in force (differences: %(count)s). See them with "
        "`bailiwick apps diff`, put them in force with `bailiwick apps apply`, and start again."
    ),
}
