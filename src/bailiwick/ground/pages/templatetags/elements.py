"""The tags by which room templates use our elements: `element`, `form`, `errors`, `field`, `once`, `error_prefix`.

An element sees only what it is given: a variable of the page with the same name never leaks into it.
"""

import uuid
from typing import Any

from django import forms, template
from django.template.base import FilterExpression, NodeList, Parser, Token
from django.template.context import Context
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from bailiwick.ground.pages.summaries import ErrorLine, error_lines, forms_with_errors
from bailiwick.ground.pages.widgets import once_or_none

register = template.Library()

# What every element may know of the page around it.
AROUND = ("request", "csrf_token", "csp_nonce", "program", "LANGUAGE_CODE")


def draw(context: Context, name: str, given: dict[str, Any]) -> SafeString:
    around = {key: context[key] for key in AROUND if key in context}
    found = context.template.engine.get_template(f"elements/{name}.html")
    return found.render(context.new({**around, **given}))


class ElementNode(template.Node):
    def __init__(self, name: FilterExpression, given: dict[str, FilterExpression], body: NodeList) -> None:
        self.name, self.given, self.nodelist = name, given, body

    def render(self, context: Context) -> SafeString:
        given = {key: value.resolve(context) for key, value in self.given.items()}
        given["body"] = mark_safe(self.nodelist.render(context).strip())  # noqa: S308 - rendered by the same engine
        return draw(context, str(self.name.resolve(context)), given)


@register.tag
def element(parser: Parser, token: Token) -> ElementNode:
    """`{% element "alert" kind="info" heading="…" %}…{% endelement %}`; without a body: `{% element "button" label="…" / %}`."""
    tag, *bits = token.split_contents()
    closed = bits[-1:] == ["/"]
    bits = bits[:-1] if closed else bits
    if not bits or "=" in bits[0].split('"')[0]:
        raise template.TemplateSyntaxError(f'{tag}: first the name in quotes, like {{% element "alert" %}}')
    given = template.base.token_kwargs(bits[1:], parser)
    if len(given) != len(bits) - 1:
        raise template.TemplateSyntaxError(f"{tag} {bits[0]}: every argument is name=value, each once")
    body = NodeList()
    if not closed:
        body = parser.parse(("endelement",))
        parser.delete_first_token()
    return ElementNode(parser.compile_filter(bits[0]), given, body)


@register.simple_tag(takes_context=True)
def form(context: Context, form: forms.BaseForm | None = None, **options: Any) -> SafeString:
    """A whole form: error summary, fields, CSRF and once tokens, buttons.

    Options: submit, kind, name, value (of the submit button); back, cancel (links), back_name (Back as a button of that name);
    action, summary=False (the page already has the error summary), multipart=True.
    """
    return draw(context, "form", {"form": form, "summary": True, **options})


@register.simple_tag(takes_context=True)
def errors(context: Context, *several: forms.BaseForm) -> SafeString:
    """The error summary of one or more forms; nothing when all is well."""
    return draw(context, "errors", {"lines": [line for one in several if one for line in error_lines(one)]})


@register.simple_tag
def field(bound: forms.BoundField) -> SafeString:
    """One field: label, hint, error, input, wired together."""
    return bound.as_hidden() if bound.is_hidden else bound.as_field_group()


@register.simple_tag(takes_context=True)
def once(context: Context) -> SafeString:
    """A hidden token that makes this POST count once. A page shown again after errors keeps the token that was sent."""
    request = context.get("request")
    sent = request.POST.get("once", "") if request is not None and request.method == "POST" else ""
    return draw(context, "once", {"token": once_or_none(sent) or uuid.uuid4()})


@register.simple_tag(takes_context=True)
def error_prefix(context: Context) -> str:
    """`Error: ` before the page's title when a form on it was refused, so that it is the first thing read out."""
    return gettext("Error: ") if forms_with_errors(context.flatten()) else ""


@register.filter
def lines(form: forms.BaseForm | None) -> list[ErrorLine]:
    return error_lines(form) if form else []


@register.filter
def under(cells: list[Any], columns: list[str]) -> list[tuple[str, Any]]:
    """Each cell with its column's heading, which the phone shows beside it."""
    return list(zip([*columns, *[""] * len(cells)], cells, strict=False))
