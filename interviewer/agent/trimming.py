"""Shortens text to a token budget, for reading and speaking only: what is graded is never shortened."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from interviewer.text import sentences, squeeze


def last_sentences(text: str, most_tokens: int, count: Callable[[str], int]) -> str:
    """Return the end of a text, in whole sentences; the last words of one that is too long itself."""
    spans = [squeeze(s.text) for s in sentences(text)]
    kept = fit_last(spans, most_tokens, count)
    if not kept and spans:
        # A word is at least one token and rarely more than two.
        kept = [" ".join(spans[-1].split()[-most_tokens // 2 :])[-4 * most_tokens :]]
    return " ".join(kept)


def fit_last(lines: Sequence[str], most_tokens: int, count: Callable[[str], int]) -> list[str]:
    """Return the last lines that fit, in order."""
    kept: list[str] = []
    left = most_tokens
    for line in reversed(lines):
        left -= count(line) + 1
        if left < 0:
            break
        kept.append(line)
    return kept[::-1]
