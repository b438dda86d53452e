"""The quote check: evidence is the candidate's stored words, letter for letter, long enough to judge.

Pure. No verdict passes without it; it must not know graders or models.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from interviewer.schema import Quote, Turn
from interviewer.text import squeeze

LEAST_WORDS = 4
_WORD = re.compile(r"\S+")


def is_verbatim(quote: Quote, turns: Iterable[Turn]) -> bool:
    """Say whether a quote stands in the turn it names, where it says, and is long enough."""
    turn = next((t for t in turns if t.id == quote.turn_id), None)
    if turn is None or not 0 <= quote.start < quote.end <= len(turn.text):
        return False
    said = squeeze(turn.text[quote.start : quote.end])
    if said != squeeze(quote.text):
        return False
    return len(said.split()) >= LEAST_WORDS or said == squeeze(turn.text)


def find_words(said: str, turns: Sequence[Turn]) -> Quote | None:
    """Return where these words stand, white space aside, in the latest turn that has them; or None."""
    pieces = [re.escape(piece) for piece in said.split()]
    if not pieces:
        return None
    # Whole words at both ends; punctuation may stand anywhere.
    pattern = re.compile(r"(?<!\w)" + r"\s+".join(pieces) + r"(?!\w)")
    for turn in reversed(turns):
        if found := pattern.search(turn.text):
            return Quote(turn_id=turn.id, start=found.start(), end=found.end(), text=found.group())
    return None


def quote_span(turn: Turn, start: int, end: int) -> Quote:
    """Quote characters `start` to `end` of a turn, widened to whole words and at least four."""
    words = [match.span() for match in _WORD.finditer(turn.text)]
    if not words:
        raise ValueError(f"turn {turn.id} has no words to quote")
    inside = [i for i, (left, right) in enumerate(words) if left < end and right > start]
    first, last = (inside[0], inside[-1]) if inside else (0, 0)
    while last - first + 1 < LEAST_WORDS and last - first + 1 < len(words):
        if last + 1 < len(words):
            last += 1
        else:
            first -= 1
    left, right = words[first][0], words[last][1]
    return Quote(turn_id=turn.id, start=left, end=right, text=turn.text[left:right])
