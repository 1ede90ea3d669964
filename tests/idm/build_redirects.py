"""Redirect addresses that are almost, but not exactly, the registered one (AX12): raw query values, already encoded."""

from itertools import chain
from urllib.parse import quote, urlsplit

EVIL = "evil.example"


def near_misses(registered: str) -> list[str]:
    """At least two hundred payloads, none of them equal to `registered` after one decoding."""
    parts = urlsplit(registered)
    kinds = (_hosts, _ports, _paths, _queries, _schemes, _spellings, _hidden_characters, _encodings, _doubles)
    payloads = list(dict.fromkeys(chain.from_iterable(kind(registered, parts) for kind in kinds)))
    assert len(payloads) >= 200
    return payloads


def _encoded(addresses) -> list[str]:
    return [quote(address, safe="") for address in addresses]


def _hosts(registered, parts):
    host, port, path = parts.hostname, parts.port, parts.path
    names = [
        *(
            EVIL,
            f"{host}.{EVIL}",
            f"{EVIL}.{host}",
            f"{host}{EVIL}",
            f"{host}.",
            f".{host}",
            f"x{host}",
            f"{host}x",
        ),
        *(
            "127.0.0.1",
            "LOCALHOST",
            "localhost.",
            "localhost.localdomain",
            "127.1",
            "127.0.0.2",
            "0.0.0.0",
            "[::1]",
            "[::ffff:127.0.0.1]",
            "2130706433",
            "0x7f000001",
        ),
        *(
            "0177.0.0.1",
            "127.0.0.01",
            "127.000.000.001",
            "①27.0.0.1",
            "127。0。0。1",
            "127.0.0.1.nip.io",
            "*",
            f"*.{host}",
        ),
    ]
    users = [f"{user}@{EVIL}" for user in (host, f"{host}:{port}", f"{host}%23", f"{host}%2f", f"{host}\\")]
    lures = [f"{EVIL}{mark}@{host}:{port}" for mark in ("", ":", "#", "?", "/", "\\", "%00", "%09", ";")]
    lures += [f"user@{host}:{port}", f"user:secret@{host}:{port}", f"@{host}:{port}", f":@{host}:{port}"]
    return _encoded(
        [f"http://{name}:{port}{path}" for name in names]
        + [f"http://{name}{path}" for name in [*names, *users, host]]
        + [f"http://{lure}{path}" for lure in lures]
    )


def _ports(registered, parts):
    host, path, port = parts.hostname, parts.path, parts.port
    ports = [
        "",
        "0",
        "1",
        "80",
        "443",
        str(port + 1),
        str(port - 1),
        f"0{port}",
        f"{port}0",
        f"+{port}",
        f" {port}",
    ]
    ports += [
        str(port + 65536),
        f"{port}.",
        f"{port}@{EVIL}",
        f"{port}:{port}",
        "*",
        f"{port}%20",
        f"-{port}",
    ]
    return _encoded(f"http://{host}:{text}{path}" for text in ports)


def _paths(registered, parts):
    base = f"{parts.scheme}://{parts.netloc}"
    path = parts.path
    changed = [
        *(
            "",
            "/",
            path + "/",
            "/" + path,
            path + "//",
            path + "/..",
            path + "/.",
            path + "/../callback",
            path[:-1],
        ),
        *(
            path + "x",
            path + "/evil",
            path.upper(),
            path.title(),
            path.replace("/", "//"),
            path.replace("/", "\\"),
        ),
        *(
            "/../oidc/callback",
            "/./oidc/callback",
            "/oidc/./callback",
            "/oidc/x/../callback",
            "/x/../oidc/callback",
        ),
        *(
            "/oidc/callback/..;/",
            "/oidc/callback;x=1",
            "/oidc/callback;",
            "/oidc/%63allback",
            "/oidc%2fcallback",
        ),
        *(
            "/oidc%252fcallback",
            "/%2e%2e/oidc/callback",
            "/oidc/callback%00",
            "/oidc/callback%20",
            "/oidc/callback%0a",
        ),
        *(
            "/oidc/callback%0d%0aLocation:%20http://evil.example",
            "/oidc/call*",
            "/oidc/*",
            "/*",
            "/oidc/callback.evil",
        ),
        *(
            "/oidc/callback/%2e%2e/%2e%2e/evil",
            "/oidc/callback/..%2f..%2fevil",
            "/oidc/callback/..\\..\\evil",
        ),
    ]
    return _encoded(base + text for text in changed)


def _queries(registered, parts):
    tails = [
        *(
            "?",
            "#",
            "?x=1",
            "?code=stolen",
            "?state=x",
            "?iss=evil",
            "#x",
            "#code=stolen",
            "?#",
            "&x=1",
            "&",
            "=",
        ),
        *(
            f"?next=http://{EVIL}",
            f"#@{EVIL}",
            f"?@{EVIL}",
            f"\\@{EVIL}",
            f"%23@{EVIL}",
            f"%3f@{EVIL}",
            "?redirect_uri=x",
        ),
    ]
    return _encoded(registered + tail for tail in tails)


def _schemes(registered, parts):
    rest = registered.removeprefix("http://")
    schemes = [
        "https://",
        "HTTP://",
        "Http://",
        "http:",
        "http:/",
        "http:///",
        "http:////",
        "//",
        "/",
        "\\\\",
        "://",
        "",
    ]
    schemes += [
        "javascript://",
        "data://",
        "ftp://",
        "file://",
        "ws://",
        "blob:http://",
        "view-source:http://",
        "intent://",
    ]
    schemes += [
        "http:\\\\",
        "http:/\\",
        "http:\\/",
        "http://\\",
        "h\tttp://",
        "\nhttp://",
        "jar:http://",
        "custom.app://",
    ]
    scripts = [
        "javascript:alert(1)",
        f"javascript://{rest}%0aalert(1)",
        "data:text/html,<script>alert(1)</script>",
        "vbscript:x",
    ]
    return _encoded([scheme + rest for scheme in schemes] + scripts)


def _spellings(registered, parts):
    return _encoded(
        [
            registered.upper(),
            registered.swapcase(),
            registered.replace("callback", "CALLBACK"),
            registered.replace("c", "\u0441"),
            registered.replace("/", "\uff0f"),
            registered.replace("a", "\u00e1"),
            registered.replace(":", "\uff1a"),
            registered[::-1],
            registered[:-1],
            registered[1:],
            registered * 2,
            f"{registered},{registered}",
            f"{registered} {registered}",
            f"{registered};http://{EVIL}",
            f"{registered}\nhttp://{EVIL}",
            f"http://{EVIL}/{registered}",
            f"http://{EVIL}?{registered}",
            f"http://{EVIL}#{registered}",
            f'"{registered}"',
            f"<{registered}>",
            f"[{registered!r}]",
            f"{registered}{'a' * 3000}",
            "é",
            "null",
            "undefined",
        ]
    )


def _hidden_characters(registered, parts):
    hidden = [
        "\x00",
        "\t",
        "\n",
        "\r",
        "\r\n",
        " ",
        "\u00a0",
        "\u200b",
        "\u2028",
        "\ufeff",
        "\x7f",
        "\x08",
        "\u00ad",
        "\u202e",
    ]
    return _encoded(
        chain.from_iterable(
            (registered + mark, mark + registered, registered.replace("callback", f"call{mark}back"))
            for mark in hidden
        )
    )


def _encodings(registered, parts):
    """Encoded more than once, or in bytes that are no UTF-8."""
    once = quote(registered, safe="")
    twice = quote(once, safe="")
    return [
        twice,
        quote(twice, safe=""),
        once + "%ff",
        "%ff" + once,
        once + "%c0%af",
        once.replace("%3A", "%253A"),
        once + "%",
    ]


def _doubles(registered, parts):
    """Two values: whichever of them a reader takes, the other one is there."""
    right, wrong = quote(registered, safe=""), quote(f"http://{EVIL}/", safe="")
    return [
        f"{right}&redirect_uri={wrong}",
        f"{wrong}&redirect_uri={right}",
        f"{right}&redirect_uri={right}",
        f"{right}&redirect_uri=",
    ]
