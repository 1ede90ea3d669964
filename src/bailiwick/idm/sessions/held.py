"""Which factors an account holds. The room above knows; settings name whom to ask, since arrows run downward only."""

from django.conf import settings
from django.utils.module_loading import import_string

from bailiwick.idm.accounts.models import Account


def held_kinds(account: Account) -> list[str]:
    """The kinds of factor the account holds now, the strongest first; e-mail is always among them (S-3)."""
    return [str(kind) for kind in import_string(settings.HELD_FACTORS)(account)]
