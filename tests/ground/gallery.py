"""Every element in every state, as pages to look at and to test. A URLconf of the tests; no program serves it.

`python -m tests.ground.gallery 9000 spot` shows it at http://localhost:9000 in SPOT's colors.
"""

import sys
from types import SimpleNamespace
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import include, path

from bailiwick.ground.pages import fields, views

TOP = '{% extends "layouts/steps.html" %}{% load elements %}'

STATES = [("TX", "Texas"), ("NM", "New Mexico"), ("OK", "Oklahoma")]
ROLES = [
    fields.Option(
        "approver", "Provider office approver", "Creates the organization and decides who works in it."
    ),
    fields.Option("end-user", "End user", "Works in the organization that an approver has created."),
    fields.Option("backup", "Backup approver", "Stands in for the approver.", "You already hold this role."),
]


class Everything(forms.Form):
    first_name = fields.TextField(label="First name", max_length=20, autocomplete="given-name")
    middle_name = fields.TextField(label="Middle name", max_length=20, required=False)
    birth_date = fields.MemorableDateField(label="Birth date", autocomplete="bday")
    ssn = fields.DigitsField(label="Social Security number", length=9, secret=True, help_text="Nine digits.")
    zip = fields.DigitsField(label="ZIP code", length=(5, 9), width="small", autocomplete="postal-code")
    state = fields.SelectField(label="State", choices=STATES, autocomplete="address-level1")
    email = fields.EmailField(label="E-mail address", help_text="We send a code to it when you sign in.")
    phone = fields.PhoneField(label="Phone")
    role = fields.ChoiceField(label="Select a Role", choices=ROLES)
    application = fields.ComboField(
        label="Select an Application",
        choices=[
            ("spot", "Secure Provider Online Tool"),
            ("idm", "Identity Management"),
            ("two", "Sample Two"),
        ],
        search_words={"spot": "claims remittance era"},
        help_text="Type a part of its name.",
    )
    password = fields.PasswordField(label="Password", new=True, help_text="15 to 60 characters.")
    code = fields.CodeField(label="Enter Code")
    reason = fields.ParagraphField(label="Reason for request", max_length=60)
    terms = fields.TickField(label="I agree to the Terms & Conditions")
    once = fields.OnceField()


class SignIn(forms.Form):
    user_id = fields.TextField(label="User ID", autocomplete="username")
    password = fields.PasswordField(label="Password")
    terms = fields.TickField(label="I agree to the Terms & Conditions")


class Sneaky(forms.Form):
    plain = forms.CharField(label="A field of Django's own")
    which = forms.ChoiceField(label="A choice of Django's own", choices=STATES, widget=forms.RadioSelect)
    listed = forms.ChoiceField(label="A list of Django's own", choices=STATES)


CONTACT = SimpleNamespace(
    name="SPOT Help Desk", phone="512 555 0101", email="desk@spot.example", hours="8 to 6"
)
PERSON = {"name": "Ada Approver", "user_id": "ada.approver", "standing": "Provider office approver"}

ELEMENTS = (
    TOP
    + """
{% block title %}Elements{% endblock %}{% block heading %}Elements{% endblock %}
{% block content %}
<p>Plain text with <a href="#here">a link</a>, and what follows from it.</p>
{% for kind in kinds %}{% element "alert" kind=kind heading="An alert of this kind" %}<p>What it says, in a sentence.</p>{% endelement %}
{% element "alert" kind=kind text="The same without a heading." / %}{% endfor %}
<h2>Buttons</h2>
{% element "buttons" %}{% element "button" label="Primary" / %}{% element "button" label="Secondary" kind="secondary" / %}
{% element "button" label="Danger" kind="danger" / %}{% element "button" label="A link" href="/x/" / %}{% element "button" label="Plain" kind="plain" / %}{% endelement %}
{% element "summary" heading="Your answers" items=items %}{% element "fact" term="State" %}{% element "tag" label="Active" kind="good" / %}{% endelement %}{% endelement %}
{% element "table" caption="Your roles" columns=columns rows=rows / %}
{% element "table" caption="People" columns=columns %}{% for name in names %}{% element "row" %}
{% element "cell" label="Role" head=True text=name / %}{% element "cell" label="Organization" text="Hill Country Clinic" / %}
{% element "cell" label="State" %}{% element "tag" label="Inactive" kind="warn" / %}{% endelement %}
{% element "cell" label="Act" %}{% element "button" label="Remove" about=name kind="plain" / %}{% endelement %}{% endelement %}{% endfor %}{% endelement %}
{% element "pagination" page=listed query="name=a" / %}
{% element "panel" heading="A panel" %}<p>Something that belongs together.</p>{% endelement %}
{% element "tag" label="Active" kind="good" / %} {% element "tag" label="Pending" kind="warn" / %} {% element "tag" label="Removed" kind="bad" / %} {% element "tag" label="Draft" / %}
{% element "confirmation" label="Confirmation number" number="R-7K3M-92QX" / %}
{% element "details" label="Why do we ask?" %}<p>Because one person has one account, for life.</p>{% endelement %}
<p>Your secret:</p>{% element "copyable" text="JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP" label="the secret" / %}
{% element "progress" label="Sending" done=3 total=10 / %}
{% element "next" %}<p>The help desk decides by March 4. We write to you either way.</p>{% endelement %}
{% element "links" items=links / %}
{% element "help" contact=contact %}<p>If you think this is wrong:</p>{% endelement %}
{% endblock %}"""
)

FORM = (
    TOP
    + """
{% block title %}Personal Information – New User Registration{% endblock %}{% block heading %}Personal Information{% endblock %}
{% block content %}<p>Use your full legal name, as on your driver's license.</p>
{% form form submit="Next" back="/" cancel="/" %}{% endblock %}"""
)

SIGN_IN = (
    TOP
    + """
{% block title %}Sign in{% endblock %}{% block heading %}Sign in{% endblock %}
{% block content %}{% form form submit="Sign In" %}{% element "links" items=links / %}{% endblock %}
{% block below %}<p>This system holds personal data. What you do here is recorded.</p>{% endblock %}"""
)

HOME = (
    TOP
    + """
{% block title %}Home{% endblock %}{% block heading %}Welcome, Ada{% endblock %}
{% block content %}{% element "tiles" %}{% for name, text, note in tiles %}{% element "tile" href="/x/" heading=name text=text note=note / %}{% endfor %}{% endelement %}{% endblock %}"""
)

PROFILE = (
    TOP
    + """
{% block title %}My Profile{% endblock %}{% block heading %}My Profile{% endblock %}
{% block content %}{% element "columns" %}{% element "menu" label="My Profile" items=menu / %}
<div><h2>Personal Contact Information</h2>{% element "summary" items=items / %}{% element "buttons" %}{% element "button" label="Edit" href="/x/" / %}{% endelement %}</div>{% endelement %}{% endblock %}"""
)


def show(request: HttpRequest, text: str, **context: Any) -> HttpResponse:
    return HttpResponse(engines["django"].from_string(text).render(context, request))


def elements(request: HttpRequest) -> HttpResponse:
    return show(
        request,
        ELEMENTS,
        width="wide",
        kinds=["info", "success", "warning", "error"],
        items=[("Name", "Ada Approver"), ("E-mail", "ada@example.com"), ("Fax", "")],
        columns=["Role", "Organization", "State", "Last sign-in"],
        rows=[
            ["Approver", "Hill Country Clinic", "Active", "March 1, 2026"],
            ["End user", "Mesa Medical Billing and Collections of Greater New Mexico", "Inactive", "–"],
        ],
        names=["Ben Biller", "Cora Clerk"],
        listed=Paginator(range(95), 10).page(3),
        links=[("New User Registration", "/x/"), ("Forgot Password", "/y/")],
        contact=CONTACT,
        signed_in=PERSON,
    )


def whole_form(request: HttpRequest) -> HttpResponse:
    form = Everything(request.POST or None)
    steps = [
        ("Personal Information", "current"),
        ("Contact Information", "todo"),
        ("User ID and Password", "todo"),
    ]
    return show(request, FORM, form=form, steps=steps)


def sneaky(request: HttpRequest) -> HttpResponse:
    return show(request, FORM, form=Sneaky(request.POST or None))


def sign_in(request: HttpRequest) -> HttpResponse:
    links = [("New User Registration", "/x/"), ("Forgot Password", "/y/"), ("Forgot User ID", "/z/")]
    return show(request, SIGN_IN, form=SignIn(request.POST or None), links=links)


def home(request: HttpRequest) -> HttpResponse:
    tiles = [
        ("My Profile", "Your contact data, password, and devices.", ""),
        ("Role Request", "Ask for access to an application.", ""),
        ("Help Desk / Manage Users", "Find people, decide requests.", "2 requests wait for you"),
    ]
    notice = {
        "kind": "warning",
        "heading": "Planned outage",
        "text": "IDM is down on Sunday from 2 to 4 a.m.",
    }
    return show(request, HOME, width="wide", tiles=tiles, signed_in=PERSON, announcements=[notice])


def profile(request: HttpRequest) -> HttpResponse:
    names = ["Personal Contact Information", "Business Contact Information", "Change Password", "Sessions"]
    return show(
        request,
        PROFILE,
        width="wide",
        menu=[(name, "/x/", index == 0) for index, name in enumerate(names)],
        items=[("Address", "12 Oak Street, Austin, TX 78701"), ("Phone", "512 555 0142")],
        signed_in=PERSON,
    )


def breaks(_request: HttpRequest) -> HttpResponse:
    raise RuntimeError("a canary that nobody may read: 900-12-3456")


urlpatterns = [
    path("", elements),
    path("form/", whole_form),
    path("django/", sneaky),
    path("sign-in/", sign_in),
    path("home/", home),
    path("profile/", profile),
    path("too-old/", views.form_too_old),
    path("bad-request/", views.bad_request),
    path("denied/", views.permission_denied),
    path("server-error/", views.server_error),
    path("breaks/", breaks),
    path("", include("bailiwick.ground.pages.urls")),
]
PAGES = [
    "/",
    "/form/",
    "/django/",
    "/sign-in/",
    "/home/",
    "/profile/",
    "/too-old/",
    "/bad-request/",
    "/denied/",
    "/server-error/",
    "/none/",
]

handler400 = "bailiwick.ground.pages.views.bad_request"
handler403 = "bailiwick.ground.pages.views.permission_denied"
handler404 = "bailiwick.ground.pages.views.not_found"
handler500 = "bailiwick.ground.pages.views.server_error"


def serve(port: int, program: str) -> None:
    from tests.settings import use_program

    use_program(program)
    import django
    from django.conf import settings
    from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
    from django.core.wsgi import get_wsgi_application

    settings.ROOT_URLCONF = "tests.ground.gallery"
    django.setup()
    server = ThreadedWSGIServer(("127.0.0.1", port), WSGIRequestHandler)
    server.set_app(get_wsgi_application())
    server.serve_forever()


if __name__ == "__main__":
    serve(int(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else "idm")
