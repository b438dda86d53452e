"""Claims against an answer: for every claim and window, how likely it is said, and contradicted.

The numbers only; `evidence` makes verdicts of them, `offline_rows` a score. Nothing typed to the
grader, asked, admitted as not known, or merely repeated from the question can raise a probability.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from interviewer.grading import features
from interviewer.grading.alignment import Matrix
from interviewer.grading.passages import Passage, PassageReader, Said, Window, segments
from interviewer.grading.polarity import Conflict
from interviewer.grading.screening import is_command, is_hedge
from interviewer.grading.senses import Senses, Target, sense, spoken_of
from interviewer.grading.weights import load_weights, probability

# The features of the two fitted models; all weights are >= 0.
WORDED = ("claim", "right", "leaning", "apart", "topic", "stance")
CLAIMED = ("claim", "apart", "topic", "coverage")
# Only the likeliest windows are read closely for a denial, and only where the topic is met.
_LOOKED_AT, _LIKELY = 4, 0.45
_TOPIC = 0.38
# Nearer to a foreseen wrong wording than to any right one by this much, and near enough to be it.
_FORESEEN, _NEARER = 0.6, 0.1


class Readings(NamedTuple):
    """Probabilities, targets x windows; `said` is void of what the same window contradicts."""

    windows: tuple[Window, ...]
    said: Matrix
    contradicted: Matrix
    conflicts: dict[tuple[int, int], Conflict]


def usable_windows(reader: PassageReader, turns: Sequence[Said]) -> list[Window]:
    """Return the windows that answer: no questions, no commands, no "I don't know"."""
    found: list[Window] = []
    number = 0
    for turn in turns:
        barred = [s for s in segments(turn.text) if _says_nothing(s.text, turn.asks)]
        found += [
            w
            for w in reader.windows(turn, number)
            if not any(b.start < w.end and b.end > w.start for b in barred)
        ]
        number += len(segments(turn.text)) + 1
    return found


def _says_nothing(sentence: str, asks: Sequence[str]) -> bool:
    """Tell commands, hedges and questions from statements; without asks a question is rhetorical."""
    asked = bool(asks) and (sentence.rstrip().endswith("?") or any(sentence in a for a in asks))
    return asked or is_command(sentence) or is_hedge(sentence)


def read_targets(
    reader: PassageReader,
    question: str,
    targets: Sequence[Target],
    windows: Sequence[Window],
    canonical: Callable[[str], str],
    trust: float = 1.0,
) -> Readings:
    """Read every target in every window; there must be at least one of each.

    `trust` is the share that the tuned embedding has in judging plain claims; the rest is word
    alignment's.
    """
    asked = reader.read(question)
    claims = [reader.read(t.claim) for t in targets]
    passages = [w.passage for w in windows]
    standing = features.standing(claims, passages, asked)
    senses = sense(reader, targets, windows, standing)
    worded = all(t.right and t.wrong for t in targets)
    if worded:
        standing = standing * spoken_of(senses.topic)
        said = probability(load_weights()["worded"], measure_worded(senses))
    else:
        measured = measure_claimed(senses, features.measure(claims, passages, asked, canonical))
        said = trust * probability(load_weights()["claimed"], measured)
        said += (1.0 - trust) * measured["coverage"]
    said = said * standing
    contradicted = np.zeros_like(said)
    if worded:
        near = (senses.wrong >= _FORESEEN) & (senses.wrong - senses.right >= _NEARER)
        contradicted[near] = senses.wrong[near]
    doubtful = said * (senses.leaning < 0) if worded else said
    conflicts = _conflicts(claims, passages, asked, doubtful, contradicted)
    return Readings(tuple(windows), said * (1.0 - contradicted), contradicted * standing, conflicts)


def measure_worded(senses: Senses) -> dict[str, Matrix]:
    """Return the features of `WORDED`: for points with right and wrong wordings."""
    return {name: getattr(senses, name) for name in WORDED}


def measure_claimed(senses: Senses, coverage: features.Coverage) -> dict[str, Matrix]:
    """Return the features of `CLAIMED`: for plain claims, which have nothing else to go by."""
    model = load_weights()["coverage"]
    said = probability(model, coverage._asdict())
    return {"coverage": said} | {name: getattr(senses, name) for name in CLAIMED[:-1]}


def _conflicts(
    claims: Sequence[Passage],
    passages: Sequence[Passage],
    asked: Passage,
    said: Matrix,
    contradicted: Matrix,
) -> dict[tuple[int, int], Conflict]:
    """Raise `contradicted` where a likely window denies its claim in the claim's own words."""
    found: dict[tuple[int, int], Conflict] = {}
    for k, claim in enumerate(claims):
        for j in np.argsort(-said[k], kind="stable")[:_LOOKED_AT]:
            if said[k, j] < _LIKELY:
                break
            p, conflict = _conflict(claim, passages[j], asked)
            if p > contradicted[k, j]:
                contradicted[k, j] = p
                found[k, int(j)] = conflict
    return found


def _conflict(claim: Passage, window: Passage, asked: Passage) -> tuple[float, Conflict]:
    conflict = features.conflict(claim, window)
    if max(conflict[:3]) == 0:
        return 0.0, conflict
    measured = features.measure([claim], [window], asked)
    topic = float(measured.align[0, 0] + measured.cosine[0, 0]) / 2
    if topic < _TOPIC:
        return 0.0, conflict
    values = {"opposite": conflict.opposite, "negation": conflict.negation}
    values |= {"swap": conflict.swap, "topic": topic}
    arrays = {name: np.asarray(value, dtype=np.float64) for name, value in values.items()}
    return float(probability(load_weights()["conflict"], arrays)), conflict
