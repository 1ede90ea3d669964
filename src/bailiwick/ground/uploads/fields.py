"""The field by which a person chooses a file. Shapes only: what the file is, `checks` finds out."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bailiwick.ground.uploads.rules import CONTENT_TYPES, Kind


class DocumentField(forms.FileField):
    """One PDF, JPEG or PNG; `kinds`: only some of them."""

    def __init__(self, *, kinds: Iterable[Kind] = tuple(Kind), **options: Any) -> None:
        options.setdefault("help_text", _("PDF, JPEG or PNG, up to 10 MB."))
        missing = _("Choose a file.")
        super().__init__(
            allow_empty_file=True,
            widget=forms.FileInput(attrs={"accept": ",".join(CONTENT_TYPES[kind] for kind in kinds)}),
            error_messages={"required": missing, "invalid": missing, "missing": missing},
            **options,
        )
