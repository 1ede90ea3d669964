"""Draws forms with our elements, so that a form in any room looks and reads the same."""

from pathlib import PurePosixPath
from typing import Any

from django.forms.renderers import DjangoTemplates
from django.template import TemplateDoesNotExist

DJANGO_WIDGETS = "django/forms/widgets/"


class PageRenderer(DjangoTemplates):
    """Django's form renderer over our templates.

    A widget of Django's own is drawn by `elements/inputs/` where we have the same one; a room need not know.
    """

    form_template_name = "elements/fields.html"
    field_template_name = "elements/field.html"

    def get_template(self, template_name: str) -> Any:
        if template_name.startswith(DJANGO_WIDGETS):
            try:
                return super().get_template(f"elements/inputs/{PurePosixPath(template_name).name}")
            except TemplateDoesNotExist:
                pass
        return super().get_template(template_name)
