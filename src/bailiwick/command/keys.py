"""`bailiwick keys`: make the key files that production starts with, and rotate IDM's signing keys (L-4)."""

import argparse
from collections.abc import Callable
from pathlib import Path

from bailiwick.ground.vault.keyring import KeyMissingError
from bailiwick.ground.vault.keyring import create as create_ring
from bailiwick.ground.vault.token import wrap
from bailiwick.idm.protocols.oidc.keys import create_development_keys, rotate
from bailiwick.spot.identity.client import create_development_client_key

MAKERS: dict[str, tuple[Callable[[Path], object], str]] = {
    "ring": (create_ring, "the key ring of one program (IDM_KEYS_FILE, SPOT_KEYS_FILE)"),
    "signing": (create_development_keys, "IDM's signing keys (IDM_OIDC_KEYS_FILE)"),
    "client": (
        create_development_client_key,
        "SPOT's client key (SPOT_CLIENT_KEY_FILE), and its public half beside it",
    ),
}

TOKEN = {
    "module": "the token's library, like /usr/lib/softhsm/libsofthsm2.so",
    "label": "the token's label",
    "key": "the label of the wrapping key; made in the token where it is not there",
    "pin-file": "a private file with the token's PIN",
}


def add_options(parser: argparse.ArgumentParser) -> None:
    """The verbs of `bailiwick keys`."""
    verbs = parser.add_subparsers(required=True, metavar="verb")
    make = verbs.add_parser("make", help="make a new key file, for its owner alone; never overwrites one")
    make.add_argument(
        "kind", choices=MAKERS, help="; ".join(f"{kind}: {what}" for kind, (_, what) in MAKERS.items())
    )
    make.add_argument("path", type=Path)
    make.set_defaults(act=lambda options: make_file(options.kind, options.path))
    wrap = verbs.add_parser(
        "wrap", help="wrap a key ring's keys by a key in a PKCS#11 token, or make a wrapped ring"
    )
    wrap.add_argument("path", type=Path)
    for name, what in TOKEN.items():
        wrap.add_argument(f"--{name}", required=True, help=what)
    wrap.set_defaults(act=wrap_ring)
    turn = verbs.add_parser(
        "rotate-signing", help="move each of IDM's signing keys one generation on, without a restart"
    )
    turn.add_argument("path", type=Path)
    turn.set_defaults(act=lambda options: rotate_signing(options.path))


def make_file(kind: str, path: Path) -> int:
    """0 and one line; 1 where a file stands there already, which stays as it is."""
    if path.exists():
        print(f"{path} is there already and stays as it is.")
        return 1
    maker, what = MAKERS[kind]
    maker(path)
    print(
        f"{path}: {what}. Keep a copy in a safe place: what it seals or signs cannot be read or renewed without it."
    )
    return 0


def rotate_signing(path: Path) -> int:
    """0 and one line; 1 where there is nothing to rotate."""
    if not path.exists():
        print(f"There is no file of signing keys at {path}.")
        return 1
    rotate(path)
    print(
        f"{path}: the next key signs from now on, the one before it can still be checked. IDM reads it by itself."
    )
    return 0


def wrap_ring(options: argparse.Namespace) -> int:
    """0 and one line; 1 and the reason where the token or the file does not do it."""
    token = {
        "module": options.module,
        "label": options.label,
        "key": options.key,
        "pin_file": options.pin_file,
    }
    try:
        wrap(options.path, **token)
    except KeyMissingError as error:
        print(error)
        return 1
    print(f"{options.path}: wrapped by {options.key!r} in {options.label!r}. Destroy every plain copy of it.")
    return 0
