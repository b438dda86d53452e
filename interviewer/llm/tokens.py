"""Counts tokens with tiktoken's o200k_base, from the vendored vocabulary: no download.

Invariant: counting never breaks a session; without the vocabulary it estimates four letters a token.
"""

from __future__ import annotations

import gzip
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import tiktoken

# The name under which tiktoken looks for the vocabulary: the SHA-1 of the address it comes from.
_CACHE_NAME = "fb374d419588a4632f3f557e76b4b70aebbca790"
_CACHE_VARIABLE = "TIKTOKEN_CACHE_DIR"
_LETTERS_PER_TOKEN = 4
# What a chat format adds to each message (role and separators), by OpenAI's own counting recipe.
TOKENS_PER_MESSAGE = 4


class TokenCounter:
    """Counts tokens. `directory` holds the unpacked vocabulary, written once. Thread-safe."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._lock = Lock()
        self._encoding: tiktoken.Encoding | None = None
        self._tried = False

    def count(self, text: str) -> int:
        """Return the tokens of a text: exact for OpenAI's present models, near for others."""
        encoding = self._load()
        if encoding is None:
            return -(-len(text) // _LETTERS_PER_TOKEN)
        return len(encoding.encode(text, disallowed_special=()))

    def _load(self) -> tiktoken.Encoding | None:
        with self._lock:
            if not self._tried:
                self._tried = True
                try:
                    self._encoding = _open_encoding(self._directory)
                except (OSError, ValueError, ImportError):
                    self._encoding = None
            return self._encoding


def _open_encoding(directory: Path) -> tiktoken.Encoding:
    import tiktoken

    path = directory / _CACHE_NAME
    if not path.exists():
        _unpack(path)
    with _environment(_CACHE_VARIABLE, str(directory)):
        return tiktoken.get_encoding("o200k_base")


def _unpack(path: Path) -> None:
    """Write the vocabulary in one step, so that a second process never reads half of it."""
    packed = files("interviewer") / "vendor" / "tiktoken" / "o200k_base.tiktoken.gz"
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_suffix(f".{secrets.token_hex(4)}")
    temporary.write_bytes(gzip.decompress(packed.read_bytes()))
    temporary.replace(path)


@contextmanager
def _environment(name: str, value: str) -> Iterator[None]:
    """Set a variable for a moment: tiktoken takes its folder from nowhere else."""
    old = os.environ.get(name)
    os.environ[name] = value
    try:
        yield
    finally:
        if old is None:
            del os.environ[name]
        else:
            os.environ[name] = old
