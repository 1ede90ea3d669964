"""What tier 3 chooses and types about stopping accounts; shapes only."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from bailiwick.ground.pages.fields import ChoiceField
from bailiwick.idm.helpdesk.forms import ReasonForm
from bailiwick.idm.rules.sharing import Verdict


class SettleForm(ReasonForm):
    """The second person's word; who proposed it can only take it back."""

    def __init__(self, *args: Any, is_own: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("reject", _("Take it back"))] if is_own else AGREE_OR_REJECT
        self.fields = {"verdict": ChoiceField(label=_("Your decision"), choices=choices), **self.fields}


class VerdictForm(ReasonForm):
    """What becomes of a case of sharing."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields = {"verdict": ChoiceField(label=_("Your decision"), choices=VERDICTS), **self.fields}


AGREE_OR_REJECT = [("agree", _("Agree: it is done at once")), ("reject", _("Send it back"))]
VERDICTS = [
    (Verdict.NOTHING.value, _("No sharing: the account stays as it is")),
    (Verdict.SUSPEND.value, _("It is shared: suspend the account")),
    (Verdict.ARCHIVE.value, _("It is shared: suspend the account, and propose to archive it")),
]
