"""What is chosen and ticked when documents are handed in; shapes only."""

from django import forms
from django.utils.translation import gettext_lazy as _

from bailiwick.ground.pages.fields import SelectField, TickField
from bailiwick.ground.uploads.fields import DocumentField
from bailiwick.idm.proofing.words import DOCUMENT_WORDS


class DocumentForm(forms.Form):
    document = SelectField(
        label=_("Which document is it?"),
        choices=[(kind.value, words) for kind, words in DOCUMENT_WORDS.items()],
    )
    file = DocumentField(
        label=_("The scan or picture of it"),
        help_text=_(
            "PDF, JPEG or PNG, up to 10 MB. All four corners must be visible and every word readable."
        ),
    )


class HandInForm(forms.Form):
    mine = TickField(
        label=_("These documents are mine and unchanged. I agree that the security desk looks at them")
    )
