"""A reference answer into the claims it makes, so that it can be graded point by point.

Pure. Headings, marking instructions and filler make no claim and are left out.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from interviewer.grading.lexicon import read_words
from interviewer.text import sentences, squeeze

_BULLET = re.compile(r"^\s*(?:[-*•●○–▪]+|\(?(?:\d{1,2}|[ivx]{1,4}|[a-h])[.)](?!\d))\s*", re.I)
_HEADING = re.compile(
    r"^(?:possible|valid|correct|accepted|sample|model|expected|some|the|one|any|following|see)?\s*"
    r"(?:\w+\s){0,3}?(?:answers?|differences?|solutions?|challenges?|examples?|advantages?|points?|"
    r"justifications?|reasons?|explanations?|uses?)\b[^.:]*:$",
    re.I,
)
_MARKING = re.compile(
    r"\b\d+(?:\.\d+)?\s?(?:points?|pts?|marks?)\b|\bfull(?:y)?\s(?:marks?|points?|credit|correct)\b"
    r"|\b(?:should|must|to)\sbe\s(?:given|awarded|mentioned)\b|\bis (?:also )?(?:valid|sufficient)\b"
    r"|\baccept(?:ed|able)?\b.{0,30}\banswers?\b|\bmay be rounded\b|\bone of the following\b",
    re.I,
)
_CLAUSE = re.compile(
    r"(?:;\s+|,\s+(?:and|but|while|whereas|so|which|because|though|however)\s+|\s+whereas\s+)"
)
_LABEL = re.compile(r"^([A-Z][\w /()-]{2,40}):\s+(?=\S)")
_LONG_WORDS = 22
_LEAST_CLAUSE_WORDS = 6


class Claim(NamedTuple):
    """One claim; `weight` is its share of substance, for references whose parts differ in size."""

    text: str
    weight: float


def split_claims(reference: str) -> list[Claim]:
    """Split a reference answer into plain claims, in order; never empty for a text with words."""
    texts = [clause for line in _units(reference) for clause in _clauses(line)]
    kept = [text for text in dict.fromkeys(texts) if _content(text) >= 1]
    if not kept and reference.strip():
        kept = [squeeze(reference)]
    return [Claim(text, _weight(text)) for text in kept]


def _units(reference: str) -> list[str]:
    """Return sentences and list items, without headings, bullets and marking instructions."""
    found: list[str] = []
    for span in sentences(reference):
        text = squeeze(_bare(span.text)).replace(" :", ":")
        if text.endswith(":") and (_HEADING.match(text) or _content(text) < 6):
            continue
        if _MARKING.search(text) and not _LABEL.match(text):
            tail = text.partition(":")[2].strip()
            text = tail if _content(tail) > 2 else ""
        if text:
            found.append(text.rstrip(":"))
    return found


def _bare(line: str) -> str:
    """Take off bullets and numbering, which may be nested ("4.i)")."""
    while (shorter := _BULLET.sub("", line)) != line:
        line = shorter
    return line


def _clauses(text: str) -> list[str]:
    """Cut a long sentence at its coordinations, where both sides can stand alone."""
    if len(text.split()) <= _LONG_WORDS:
        return [text]
    pieces: list[str] = []
    for piece in _CLAUSE.split(text):
        short = len(piece.split()) < _LEAST_CLAUSE_WORDS
        if pieces and (short or len(pieces[-1].split()) < _LEAST_CLAUSE_WORDS):
            pieces[-1] += ", " + piece
        else:
            pieces.append(piece)
    return pieces


def _content(text: str) -> int:
    return sum(1 for word in read_words(text) if word.idf > 0)


def _weight(text: str) -> float:
    """Weigh a claim by its content words, dampened: a long sentence is not worth five short ones."""
    return float(min(_content(text), 12) ** 0.5)
