"""What surrounds every request: a number for the logs, the true peer, and headers on every response."""

import secrets
from collections.abc import Callable
from ipaddress import ip_address, ip_network

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse

# Letters only: the logs mask nine digits in a row, and nobody spells a word by accident.
LETTERS = "bcdfghjkmnpqrstvwxz"
Answer = Callable[[HttpRequest], HttpResponse]
FORWARDED = (
    "HTTP_X_FORWARDED_FOR",
    "HTTP_X_FORWARDED_PROTO",
    "HTTP_X_FORWARDED_HOST",
    "HTTP_FORWARDED",
    "HTTP_X_REAL_IP",
)


class TruePeer:
    """Take forwarded headers from the operator's own proxies only; from anybody else they are dropped (AX04)."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer
        names = filter(None, settings.ENVIRONMENT.trusted_proxies.replace(" ", "").split(","))
        self.proxies = [ip_network(name) for name in names]

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if self._is_proxy(request.META.get("REMOTE_ADDR", "")):
            hops = [
                hop.strip() for hop in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if hop.strip()
            ]
            peer = next((hop for hop in reversed(hops) if not self._is_proxy(hop)), "")
            if peer and _is_address(peer):
                request.META["REMOTE_ADDR"] = peer
        else:
            for name in FORWARDED:
                request.META.pop(name, None)
        return self.answer(request)

    def _is_proxy(self, text: str) -> bool:
        return _is_address(text) and any(ip_address(text) in network for network in self.proxies)


class RequestNumber:
    """Number each request, so that a person can quote it and every log line of it can be found."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.number = "".join(secrets.choice(LETTERS) for _ in range(12))
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request=request.number)
        response = self.answer(request)
        response["X-Request-Number"] = request.number
        return response


class SecurityHeaders:
    """The headers that Django and the content security policy do not set."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.answer(request)
        response.setdefault("Cache-Control", "no-store")
        response.setdefault(
            "Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
        )
        response.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.setdefault("X-Content-Type-Options", "nosniff")
        response.setdefault("Referrer-Policy", "same-origin")
        response.setdefault("X-Frame-Options", "DENY")
        return response


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
