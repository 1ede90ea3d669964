"""The field by which a person chooses a file. Shapes only: what the file is, `checks` finds out."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bailiwick.ground.uploads.rules import CONTENT_TYPES


class DocumentField(forms.FileField):
    """One PDF, JPEG or PNG."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("help_text", _("PDF, JPEG or PNG, up to 10 MB."))
        missing = _("Choose a file.")
        super().__init__(
            allow_empty_file=True,
            widget=forms.FileInput(attrs={"accept": ",".join(CONTENT_TYPES.values())}),
            error_messages={"required": missing, "invalid": missing, "missing": missing},
            **options,
        )
