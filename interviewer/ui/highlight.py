"""An answer with the words that verdicts rest on marked in place, as one line of HTML. Pure.

Invariant: every character of the answer is shown once and escaped; a mark always carries its word.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from typing import NamedTuple

from interviewer.report.wording import VERDICT_MARKS, VERDICT_WORDS
from interviewer.schema import Graded, Quote, Turn, Verdict
from interviewer.ui.markup import escaped


class Label(NamedTuple):
    """What a quote stands for: a CSS class, and the mark with its word."""

    kind: str
    words: str


class Mark(NamedTuple):
    """Characters `start` to `end` of one turn, with everything that rests on them."""

    start: int
    end: int
    labels: tuple[Label, ...]


def labelled_quotes(grade: Graded) -> list[tuple[Quote, Label]]:
    """Return every quote of a grade with its label, in the order of the grade."""
    found = [(v.evidence, label_of(v.verdict)) for v in grade.verdicts if v.evidence]
    found += [(m.evidence, Label("contradicted", "✗ misconception")) for m in grade.misconceptions]
    found += [(o.evidence, Label("met", "✓ also valid")) for o in grade.other_valid]
    return found + [(q, Label("unlisted", "? not on the list")) for q in grade.unlisted]


def label_of(verdict: Verdict) -> Label:
    """Return the label of a verdict: never colour alone."""
    return Label(verdict.value, f"{VERDICT_MARKS[verdict]} {VERDICT_WORDS[verdict]}")


def marks_of(turn: Turn, quotes: Iterable[tuple[Quote, Label]]) -> list[Mark]:
    """Return the marks of one turn, in order; quotes that overlap become one mark."""
    own = sorted((q.start, q.end, label) for q, label in quotes if q.turn_id == turn.id)
    marks: list[Mark] = []
    for start, end, label in own:
        if marks and start < marks[-1].end:
            last = marks[-1]
            labels = last.labels if label in last.labels else (*last.labels, label)
            marks[-1] = Mark(last.start, max(last.end, end), labels)
        else:
            marks.append(Mark(start, end, (label,)))
    return marks


def answers_html(turns: Sequence[Turn], quotes: Sequence[tuple[Quote, Label]]) -> str:
    """Return the candidate's turns on one question, marked."""
    return "".join(_turn_html(t, marks_of(t, quotes)) for t in turns if t.role == "candidate")


def _turn_html(turn: Turn, marks: Sequence[Mark]) -> str:
    if turn.retracted:
        return f'<p class="said"><del>{escaped(turn.text)}</del> <span class="tag">taken back</span></p>'
    parts: list[str] = []
    end = 0
    for mark in marks:
        tags = "".join(f'<span class="tag">{escape(label.words)}</span>' for label in mark.labels)
        shown = escaped(turn.text[mark.start : mark.end])
        parts += [
            escaped(turn.text[end : mark.start]),
            f'<mark class="{mark.labels[0].kind}">{shown}</mark>{tags}',
        ]
        end = mark.end
    return f'<p class="said">{"".join(parts)}{escaped(turn.text[end:])}</p>'
