"""Which listed misconceptions an answer states, and does not take back later.

A misconception costs, so only clear words count: near to a listed wording and read as saying it, or all
but a listed wording. Most false claims in new words are missed.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from interviewer.grading.alignment import Matrix
from interviewer.grading.passages import PassageReader, Window
from interviewer.schema import Misconception

# Chosen on the development answers, where 4 of 6 found were labelled so; of the test answers 7 of 20.
_NEAR, _SAID = 0.5, 0.6
# All but the listed words, and nearer to them than to the correction.
_FORESEEN, _NEARER = 0.75, 0.1
_LOOKED_AT = 2


def stated(
    reader: PassageReader, misconception: Misconception, windows: Sequence[Window]
) -> Window | None:
    """Return the window that states it last, unless a later one states the correction."""
    reader.prepare([misconception.claim, *misconception.wordings, misconception.correction])
    false = _nearness(reader, (misconception.claim, *misconception.wordings), windows)
    true = _nearness(reader, (misconception.correction,), windows)
    wrong = [j for j in _nearest(false) if _says(reader, misconception, windows, false, true, j)]
    if not wrong:
        return None
    last = max(wrong, key=lambda j: windows[j].number)
    right = [j for j in _nearest(true) if true[j] >= _NEAR and true[j] > false[j]]
    corrected = reader.entail([(misconception.correction, windows[j].passage.text) for j in right])
    later = (
        windows[j].number > windows[last].number
        for j, row in zip(right, corrected, strict=True)
        if row[2] >= _SAID
    )
    return None if any(later) else windows[last]


def _says(
    reader: PassageReader,
    misconception: Misconception,
    windows: Sequence[Window],
    false: Matrix,
    true: Matrix,
    j: int,
) -> bool:
    if false[j] >= _FORESEEN and false[j] - true[j] >= _NEARER:
        return True
    if false[j] < _NEAR:
        return False
    return bool(reader.entail([(misconception.claim, windows[j].passage.text)])[0][2] >= _SAID)


def _nearness(reader: PassageReader, texts: Sequence[str], windows: Sequence[Window]) -> Matrix:
    said = np.stack([w.passage.sense for w in windows]).astype(np.float64)
    return np.asarray((np.stack([reader.read(t).sense for t in texts]) @ said.T).max(axis=0))


def _nearest(near: Matrix) -> list[int]:
    return [int(j) for j in np.argsort(-near, kind="stable")[:_LOOKED_AT]]
