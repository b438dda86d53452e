"""Which listed misconceptions an answer states, and does not take back later.

A misconception costs, so it must be likely: the fitted model of how near a window is to its wordings, and
of what a reader of pairs makes of the two together. Most false claims in new words are still missed.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from interviewer.grading.alignment import Matrix
from interviewer.grading.passages import PassageReader, Window, within
from interviewer.grading.weights import STATED, Linear, load_weights, probability
from interviewer.schema import Misconception

# The features of the fitted model "misconception": nearness to the nearest wording, and how the reader
# of pairs takes the window for saying and for denying the misconception, and its nearest wording. Denying
# counts for it too: of false texts the reader of pairs tells that they are false better than whose.
STATED_BY = ("near", "said", "denied", "worded_said", "worded_denied")
_LOOKED_AT = 2
# What likely says the correction does not state it; said later, and at least so near to it, takes it back.
_NEAR, _SAID = 0.5, 0.5


class Likeness(NamedTuple):
    """The windows nearest to a misconception, and the features of each, by name."""

    places: list[int]
    features: dict[str, Matrix]


def likeness(
    reader: PassageReader,
    misconception: Misconception,
    windows: Sequence[Window],
    least: float = -1.0,
) -> Likeness:
    """Measure the windows that are nearest to a misconception, of those at least so near."""
    claims = (misconception.claim, *misconception.wordings)
    reader.prepare([*claims, *(w.passage.text for w in windows)])
    near = _nearness(reader, claims, windows)
    nearest_first = np.argsort(-near.max(axis=0), kind="stable")[:_LOOKED_AT]
    places = [int(j) for j in nearest_first if near[:, j].max() >= least]
    texts = [windows[j].passage.text for j in places]
    nearest = [claims[int(near[:, j].argmax())] for j in places]
    claimed = reader.entail([(misconception.claim, text) for text in texts])
    worded = reader.entail(list(zip(nearest, texts, strict=True)))
    columns = (
        near[:, places].max(axis=0),
        claimed[:, 2],
        claimed[:, 0],
        worded[:, 2],
        worded[:, 0],
    )
    values = (np.asarray(column, dtype=np.float64) for column in columns)
    return Likeness(places, dict(zip(STATED_BY, values, strict=True)))


def stated(
    reader: PassageReader,
    misconception: Misconception,
    windows: Sequence[Window],
    right: Sequence[Window] = (),
) -> Window | None:
    """Return the window that states it last, unless a later one states the correction.

    What holds a window of `right`, which clearly make a point, is not held against it, nor what says the
    correction: the bank's own references, which state none, were charged with 20 before and with 9 since.
    """
    model = load_weights()["misconception"]
    found = likeness(reader, misconception, windows, _least_near(model))
    likely = probability(model, found.features)
    wrong = [
        windows[j]
        for j, p in zip(found.places, likely, strict=True)
        if p >= STATED and not any(within(other, windows[j]) for other in right)
    ]
    wrong = [w for w in wrong if not _says(reader, misconception.correction, w)]
    if not wrong:
        return None
    last = max(wrong, key=lambda w: w.number)
    later = [w for w in windows if w.number > last.number]
    return None if _corrected(reader, misconception, later) else last


def _says(reader: PassageReader, text: str, window: Window) -> bool:
    return bool(reader.entail([(text, window.passage.text)])[0, 2] >= _SAID)


def _least_near(model: Linear) -> float:
    """Return the nearness below which nothing that the reader of pairs could say makes it likely."""
    most = model["bias"] + sum(model[name] for name in STATED_BY if name != "near")
    return (math.log(STATED / (1 - STATED)) - most) / model["near"]


def _corrected(reader: PassageReader, m: Misconception, later: Sequence[Window]) -> bool:
    if not later:
        return False
    reader.prepare([m.correction, m.claim, *m.wordings])
    true = _nearness(reader, (m.correction,), later)[0]
    false = _nearness(reader, (m.claim, *m.wordings), later).max(axis=0)
    right = [j for j in np.argsort(-true)[:_LOOKED_AT] if true[j] >= _NEAR and true[j] > false[j]]
    return any(_says(reader, m.correction, later[j]) for j in right)


def _nearness(reader: PassageReader, texts: Sequence[str], windows: Sequence[Window]) -> Matrix:
    """Return texts x windows."""
    said = np.stack([w.passage.sense for w in windows]).astype(np.float64)
    return np.asarray(np.stack([reader.read(t).sense for t in texts]) @ said.T)
