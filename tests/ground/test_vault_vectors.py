"""The published test vectors are what the vault does: the test reads the docs. [A-2]"""

import re
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from bailiwick.ground import vault
from bailiwick.ground.outbox import sealing
from bailiwick.ground.vault.cost import Cost
from bailiwick.ground.vault.keyring import NAMES, KeyRing

DOCS = (Path(__file__).resolve().parents[2] / "docs" / "vault.md").read_text()
ROW = re.compile(r"^\| ([a-z ]+)(?:, key ([12]))? \| (.+) \| `([0-9a-f]{50,})` \|$", re.MULTILINE)
VECTORS = ROW.findall(DOCS)
KEYS = {"1": bytes(range(32)), "2": bytes(range(32, 64))}
NONCE = bytes(range(12))


@pytest.fixture(autouse=True)
def published_keys(settings):
    """The ring of the docs, both keys in every name, and the cost of a real program."""

    def use(identifier):
        settings.KEY_RING = KeyRing(dict.fromkeys(NAMES, (identifier, KEYS)))

    use("1")
    settings.ARGON2 = Cost()
    return use


def words_of(told: str) -> list[str]:
    return re.findall(r"`([^`]+)`", told)


def test_the_table_is_there():
    """Eight vectors, each kind of value under each key that it differs for."""
    assert [what for what, *_ in VECTORS].count("sealed") == 2
    assert len(VECTORS) == 8


@pytest.mark.parametrize(("what", "key", "told", "value"), VECTORS)
def test_the_vault_does_what_the_docs_say(what, key, told, value, published_keys):
    """Formats are for ever: values outlive programs. [A-2] [L-4]"""
    published_keys(key or "1")
    blob, words = bytes.fromhex(value), words_of(told)
    if what == "sealed":
        assert vault.unseal(blob, place=words[1], row=words[2]) == words[0]
        assert blob.startswith(vault.head(key) + NONCE)
    elif what == "digest":
        assert vault.digest(words[0], purpose=words[1]) == blob
        assert blob in vault.digests(words[0], purpose=words[1])
    elif what == "stretched digest":
        assert vault.stretched_digest(words[0], purpose=words[1]) == blob
        assert vault.key_of_digest(blob, "ssn") == key
    elif what == "message":
        assert sealing.unseal(blob, key=words[1]) == words[0]
    else:
        assert (
            AESGCM(KEYS["2"]).decrypt(
                blob[:12], blob[12:], f"bailiwick key|{words[0].replace('/', '|')}".encode()
            )
            == KEYS["1"]
        )


def test_a_digest_is_compared_under_the_key_that_it_names(published_keys):
    """A code that was mailed before a switch is right after it; another never. [L-4] [S-2]"""
    made = vault.digest("7:123456", purpose="code")
    published_keys("2")
    assert vault.is_digest(made, "7:123456", purpose="code")
    assert not vault.is_digest(made, "7:123457", purpose="code")
    assert vault.digest_like(made, "other", purpose="code") == vault.digests("other", purpose="code")[1]
