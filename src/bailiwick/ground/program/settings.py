"""The Django settings that all programs share, made from their environment."""

import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.utils.translation import gettext_lazy as _

from bailiwick.ground.program.databases import databases
from bailiwick.ground.program.environment import Environment
from bailiwick.ground.program.logs import logging_settings

SOURCE = Path(__file__).resolve().parents[2]

APPS_FIRST = [
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "csp",
    "django_htmx",
    "bailiwick.ground.program",
    "bailiwick.ground.pages",
    "bailiwick.ground.ledger",
    "bailiwick.ground.outbox",
    "bailiwick.ground.jobs",
    "bailiwick.ground.vault",
    "bailiwick.ground.uploads",
]
# Fictitious: 555-01xx numbers and the .example domain belong to nobody. A deployment sets its own (…_HELP_NAME and so on).
HELP_CONTACT = {
    "name": _("Help Desk"),
    "phone": "512 555 0100",
    "email": "help@bailiwick.example",
    "hours": _("Monday to Friday, 8 a.m. to 6 p.m. Eastern"),
}

MIDDLEWARE_FIRST = [
    "bailiwick.ground.program.middleware.TruePeer",
    "bailiwick.ground.program.middleware.RequestNumber",
    "bailiwick.ground.program.middleware.SecurityHeaders",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "bailiwick.ground.pages.middleware.PageLanguage",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
]
MIDDLEWARE_LAST = ["bailiwick.ground.pages.middleware.RefusedToPage"]


def shared(
    environment: Environment, *, apps: list[str], middleware: list[str], context: list[str]
) -> dict[str, Any]:
    """Settings as a dict for `globals().update(...)` in each program's settings module.

    `apps` are dotted app names above the ground; `middleware` goes between CSRF and the refusal page;
    `context` are further template context processors.
    """
    host = urlsplit(environment.base_url).hostname or "localhost"
    (environment.state_directory / "static").mkdir(parents=True, exist_ok=True)
    program = environment.program
    return {
        "ENVIRONMENT": environment,
        "PROGRAM": program,
        "HELP_CONTACT": environment.help_contact if environment.help_name else HELP_CONTACT,
        "BASE_URL": environment.base_url.rstrip("/"),
        "DEVELOPMENT": environment.development,
        "DEBUG": False,
        "SECRET_KEY": environment.secret_key,
        "ALLOWED_HOSTS": [host, *filter(None, environment.extra_hosts.split(","))],
        "ROOT_URLCONF": f"bailiwick.{program}.site.urls",
        "INSTALLED_APPS": [*APPS_FIRST, *apps],
        "MIDDLEWARE": [*MIDDLEWARE_FIRST, *middleware, *MIDDLEWARE_LAST],
        "TEMPLATES": _templates(context),
        "FORM_RENDERER": "bailiwick.ground.pages.renderer.PageRenderer",
        "DATABASES": databases(environment.database_url),
        "DEFAULT_AUTO_FIELD": "django.db.models.BigAutoField",
        "LOGGING": logging_settings(environment.log_level),
        "LOGGING_CONFIG": "bailiwick.ground.program.logs.configure",
        "DATA_UPLOAD_MAX_MEMORY_SIZE": 1_048_576,
        "DATA_UPLOAD_MAX_NUMBER_FIELDS": 500,
        "DATA_UPLOAD_MAX_NUMBER_FILES": 2,
        "UPLOAD_SCANNER": None,
        "FILE_UPLOAD_HANDLERS": ["bailiwick.ground.uploads.handlers.MemoryOnly"],
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        **_place_and_language(environment),
        **_static(environment),
        **_mail(environment),
        **_cookies(environment),
        **_transport(environment),
        **_content_security(),
        "SILENCED_SYSTEM_CHECKS": [],
        "TEST_RUNNER": "django.test.runner.DiscoverRunner",
    }


def _place_and_language(environment: Environment) -> dict[str, Any]:
    return {
        "TIME_ZONE": environment.time_zone,
        "USE_TZ": True,
        "USE_I18N": True,
        "LANGUAGE_CODE": "en-us",
        "LANGUAGES": [("en", _("English")), ("es", _("Spanish"))],
        # What all texts of pages are in: a program's own catalog, and the ground's for what all of them say.
        "PAGE_LANGUAGES": ["en", "es"],
        "FORMAT_MODULE_PATH": ["bailiwick.ground.pages.formats"],
        "LOCALE_PATHS": [
            SOURCE / environment.program / "site" / "locale",
            SOURCE / "ground" / "pages" / "locale",
        ],
    }


def _static(environment: Environment) -> dict[str, Any]:
    return {
        "STATIC_URL": "/static/",
        "STATIC_ROOT": environment.state_directory / "static",
        # Served from the packages themselves: nothing to collect, nothing to forget.
        "WHITENOISE_USE_FINDERS": True,
        "WHITENOISE_AUTOREFRESH": False,
        "WHITENOISE_MAX_AGE": 86_400,
    }


def _templates(context: list[str]) -> list[dict[str, Any]]:
    return [
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "APP_DIRS": True,
            "OPTIONS": {
                "context_processors": [
                    "django.template.context_processors.request",
                    "django.template.context_processors.i18n",
                    "csp.context_processors.nonce",
                    "bailiwick.ground.pages.context.page",
                    *context,
                ],
                "builtins": ["django.templatetags.i18n"],
            },
        }
    ]


def _mail(environment: Environment) -> dict[str, Any]:
    url = urlsplit(environment.smtp_url)
    return {
        "EMAIL_HOST": url.hostname or "",
        "EMAIL_PORT": url.port or 25,
        "EMAIL_HOST_USER": url.username or "",
        "EMAIL_HOST_PASSWORD": url.password or "",
        "EMAIL_USE_TLS": url.scheme == "smtp+tls",
        "EMAIL_TIMEOUT": 15,
        "DEFAULT_FROM_EMAIL": environment.mail_from,
    }


def _cookies(environment: Environment) -> dict[str, Any]:
    # Ports do not separate cookies: every program names its own. `__Host-` needs TLS and the root path.
    prefix = "__Host-" if environment.is_tls else ""
    return {
        "SESSION_COOKIE_NAME": f"{prefix}{environment.program}_session",
        "SESSION_COOKIE_SECURE": environment.is_tls,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "CSRF_COOKIE_NAME": f"{prefix}{environment.program}_csrf",
        "CSRF_COOKIE_SECURE": environment.is_tls,
        "CSRF_COOKIE_HTTPONLY": True,
        "CSRF_COOKIE_SAMESITE": "Lax",
        "CSRF_FAILURE_VIEW": "bailiwick.ground.pages.views.form_too_old",
        "LANGUAGE_COOKIE_NAME": f"{prefix}{environment.program}_language",
        "LANGUAGE_COOKIE_SECURE": environment.is_tls,
        "LANGUAGE_COOKIE_HTTPONLY": True,
        "LANGUAGE_COOKIE_SAMESITE": "Lax",
    }


def _transport(environment: Environment) -> dict[str, Any]:
    return {
        "SECURE_SSL_REDIRECT": environment.is_tls,
        "SECURE_REDIRECT_EXEMPT": [r"^healthz$", r"^readyz$", r"^metrics$"],
        "SECURE_HSTS_SECONDS": 63_072_000 if environment.is_tls else 0,
        "SECURE_HSTS_INCLUDE_SUBDOMAINS": environment.is_tls,
        "SECURE_HSTS_PRELOAD": environment.is_tls,
        "SECURE_PROXY_SSL_HEADER": ("HTTP_X_FORWARDED_PROTO", "https") if environment.is_tls else None,
        "SECURE_CONTENT_TYPE_NOSNIFF": True,
        "X_FRAME_OPTIONS": "DENY",
        "SECURE_REFERRER_POLICY": "same-origin",
        "SECURE_CROSS_ORIGIN_OPENER_POLICY": "same-origin",
        "IGNORABLE_404_URLS": [re.compile(r"^/favicon\.ico$")],
    }


def _content_security() -> dict[str, Any]:
    from csp.constants import NONCE, NONE, SELF

    return {
        "CONTENT_SECURITY_POLICY": {
            "DIRECTIVES": {
                "default-src": [NONE],
                "script-src": [SELF, NONCE],
                "style-src": [SELF, NONCE],
                "img-src": [SELF, "data:"],
                "font-src": [SELF],
                "connect-src": [SELF],
                "form-action": [SELF],
                "base-uri": [NONE],
                "frame-ancestors": [NONE],
                "object-src": [NONE],
            }
        }
    }
