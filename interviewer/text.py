"""Plain text into sentences and words, with offsets into the original. Pure; knows no domain."""

from __future__ import annotations

import re
from typing import NamedTuple

# A sentence ends at . ! ? … or a line break, not inside numbers (0.85), e.g., i.e. or initials.
_BREAK = re.compile(r"(?:[.!?…]+[\"')\]]*(?=\s|$))|\n+|;(?=\s)")
_ABBREVIATION = re.compile(
    r"(?:\b(?:e\.g|i\.e|vs|etc|cf|approx|fig|eq|dr|mr|ms)\.?|\b[A-Z])$", re.I
)
_WORD = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:['’][a-z]+)?|\d+(?:[.,]\d+)*%?")


class Span(NamedTuple):
    """Characters `start` to `end` of a text."""

    start: int
    end: int
    text: str


def sentences(text: str) -> list[Span]:
    """Split into sentences, in order; list items and lines count as sentences."""
    spans: list[Span] = []
    start = 0
    for match in _BREAK.finditer(text):
        if match.group().startswith(".") and _ABBREVIATION.search(text[start : match.start()]):
            continue
        _append(spans, text, start, match.end())
        start = match.end()
    _append(spans, text, start, len(text))
    return spans


def words(text: str) -> list[str]:
    """Return lower-case words and numbers, in order."""
    return [span.text.lower() for span in word_spans(text)]


def word_spans(text: str) -> list[Span]:
    """Return words and numbers with their places, in order."""
    return [Span(match.start(), match.end(), match.group()) for match in _WORD.finditer(text)]


def squeeze(text: str) -> str:
    """Fold every run of white space into one blank."""
    return " ".join(text.split())


def _append(spans: list[Span], text: str, start: int, end: int) -> None:
    piece = text[start:end]
    stripped = piece.strip()
    if _WORD.search(stripped):
        begin = start + len(piece) - len(piece.lstrip())
        spans.append(Span(begin, begin + len(stripped), stripped))
