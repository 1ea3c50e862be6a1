"""Signing keys at rest: sealed with a key from a file, so that a copy of the database opens none of them."""

import os
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken, MultiFernet


class WrongKey(OSError):
    """What is kept was sealed with a key that the file does not hold: nothing could be signed."""


class Seal:
    """Seals with the first key of a file, one a line, and opens with any. It is made when first needed, for its owner alone."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._fernet: MultiFernet | None = None

    def close(self, secret: str) -> str:
        """A secret, sealed."""
        return self._keys(make=True).encrypt(secret.encode()).decode()

    def open(self, sealed: str) -> str:
        """A sealed secret. Raises WrongKey."""
        try:
            return self._keys(make=False).decrypt(sealed.encode()).decode()
        except InvalidToken:
            raise WrongKey(f"NT-4052 {self._path} does not hold the key that signing keys were sealed with") from None

    def _keys(self, *, make: bool) -> MultiFernet:
        if self._fernet is None:
            if make and not self._path.exists():
                _write(self._path, Fernet.generate_key())
            try:
                self._fernet = MultiFernet([Fernet(line) for line in self._path.read_bytes().split()])
            except (OSError, ValueError):
                raise WrongKey(f"NT-4052 {self._path} cannot be read, or holds no key") from None
        return self._fernet


def _write(path: Path, key: bytes) -> None:
    """Write a new file whole, readable by its owner alone; whoever comes first wins."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f"{path.name}.{os.getpid()}")
    with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(key + b"\n")
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(partial, path)
    except FileExistsError:
        pass
    finally:
        partial.unlink()
