"""What the phone agent types."""

from django import forms
from django.utils.translation import gettext_lazy as _

from bailiwick.ground.pages.fields import TextField


class FindReview(forms.Form):
    reference = TextField(
        label=_("Review reference number"),
        help_text=_("The caller reads it out. It looks like AC34-7HJK-9MNP."),
        max_length=40,
    )
