"""Numbers a candidate's sentences, so that a model can point at them and code can quote them.

Invariant: every word of the candidate stands in exactly one numbered sentence; ids never repeat.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from interviewer.grading.quotes import quote_span
from interviewer.schema import Quote, Turn
from interviewer.text import sentences, squeeze

# A "sentence" longer than this has lost its full stops; it is numbered in pieces.
_LONGEST_WORDS = 60
_WORD = re.compile(r"\S+")


class Sentence(NamedTuple):
    """Characters `start` to `end` of a turn, under an id such as "t3.s2"."""

    id: str
    turn: Turn
    start: int
    end: int

    @property
    def line(self) -> str:
        """Return the sentence on one line, after its id."""
        return f"{self.id}: {squeeze(self.turn.text[self.start : self.end])}"


def number_sentences(turn: Turn, prefix: str = "") -> list[Sentence]:
    """Return the sentences of one turn as s1, s2 ... after `prefix`."""
    spans = [piece for s in sentences(turn.text) for piece in _pieces(turn.text, s.start, s.end)]
    return [Sentence(f"{prefix}s{n}", turn, *span) for n, span in enumerate(spans, 1)]


def quote_sentences(ids: Sequence[str], known: Mapping[str, Sentence]) -> Quote | None:
    """Quote the first known sentence and those cited that follow it without a gap; None without any."""
    cited = [known[i] for i in ids if i in known]
    if not cited:
        return None
    order = {sentence_id: n for n, sentence_id in enumerate(known)}
    first = last = min(cited, key=lambda s: order[s.id])
    for sentence in sorted(cited, key=lambda s: order[s.id]):
        if sentence.turn.id == first.turn.id and order[sentence.id] <= order[last.id] + 1:
            last = sentence
    return quote_span(first.turn, first.start, last.end)


def _pieces(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Cut a span that is far too long for one sentence into spans of whole words."""
    found = [(m.start() + start, m.end() + start) for m in _WORD.finditer(text[start:end])]
    groups = [found[i : i + _LONGEST_WORDS] for i in range(0, len(found), _LONGEST_WORDS)]
    return [(group[0][0], group[-1][1]) for group in groups]
