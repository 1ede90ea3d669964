"""Where key rings come from: a file that its owner alone may read, or, in a development run, the environment (L-4)."""

import contextlib
import os
import secrets
import stat
from pathlib import Path

from bailiwick.ground.vault.keyring import KeyMissingError, KeyRing, from_text, to_text

MISSING = (
    "There is no key file at {path}. Restore it from its safe place; without it nothing sealed can be read."
)
OTHERS = stat.S_IRWXG | stat.S_IRWXO


class KeyFile:
    """A JSON file of plain keys; the ring of docs/vault.md."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.where = f"The key file at {path}"

    def stamp(self) -> object:
        """Changes with every replacement of the file."""
        try:
            now = self.path.stat()
        except FileNotFoundError:
            raise KeyMissingError(MISSING.format(path=self.path)) from None
        except OSError as error:
            raise KeyMissingError(f"{self.where} cannot be looked at: {error.strerror}.") from None
        return now.st_mtime_ns, now.st_ino, now.st_size

    def load(self) -> KeyRing:
        """The ring. Refuses a file that others may read, too."""
        return from_text(read_private(self.path, self.where), self.where)

    def store(self, ring: KeyRing) -> None:
        """Replace the file."""
        replace(self.path, to_text(ring))


class Inline:
    """A ring that stands in an environment variable: for development, where nothing that it seals is worth a file."""

    where = "The key ring in the environment"

    def __init__(self, text: str) -> None:
        self._text = text

    def stamp(self) -> object:
        """Never changes."""
        return None

    def load(self) -> KeyRing:
        """The ring."""
        return from_text(self._text, self.where)

    def store(self, ring: KeyRing) -> None:
        """An environment cannot be written to: always refuses."""
        del ring
        raise KeyMissingError(f"{self.where} cannot be changed by a command; use a key file to rotate.")


def read_private(path: Path, where: str) -> str:
    """The text of a file that its owner alone may touch. Raises KeyMissingError otherwise."""
    try:
        with path.open() as file:
            mode = os.fstat(file.fileno()).st_mode
            if mode & OTHERS:
                raise KeyMissingError(
                    f"{where} is open to others (mode {stat.S_IMODE(mode):04o}): chmod 600 it, and take its keys for known."
                )
            return file.read()
    except FileNotFoundError:
        raise KeyMissingError(MISSING.format(path=path)) from None
    except (OSError, UnicodeDecodeError) as error:
        raise KeyMissingError(f"{where} cannot be read ({type(error).__name__}).") from None


def write_new(path: Path, text: str) -> None:
    """Write a private file unless it is there already."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = _written_beside(path, text)
    try:
        os.link(fresh, path)
    except FileExistsError:
        pass
    finally:
        fresh.unlink()


def replace(path: Path, text: str) -> None:
    """Put a private file in the place of another, whole or not at all, with the same owner. Raises KeyMissingError."""
    try:
        owner = path.stat()
        fresh = _written_beside(path, text)
        with contextlib.suppress(PermissionError):
            os.chown(fresh, owner.st_uid, owner.st_gid)
        fresh.replace(path)
    except OSError as error:
        raise KeyMissingError(f"The key file at {path} cannot be replaced: {error.strerror}.") from None


def _written_beside(path: Path, text: str) -> Path:
    fresh = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    return fresh
