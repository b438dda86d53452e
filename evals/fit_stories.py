"""Fit the story reader: `python -m evals.fit_stories` writes interviewer/grading/story_weights.json.

Uses the train split only (whole stories, pieces of them, texts that are no story); thresholds come
from cross-validation by story, never from the test split.
"""

from __future__ import annotations

import json
import random
from collections import Counter, defaultdict
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score
from sklearn.model_selection import GroupKFold

from interviewer.embedding import Embedder
from interviewer.grading.story_sentences import (
    LABELS,
    OTHER,
    WEIGHTS,
    context_features,
    smooth,
    terms,
    word_features,
)

Array = NDArray[np.float64]
DATA = Path(__file__).parent / "datasets" / "story_sentences"
FOLDS = 5
LEAST_SENTENCES = 4  # a term is learned when this many training sentences have it
STRENGTH = 3.0  # inverse of the L2 penalty; 1, 3 and 10 were within 0.01 of each other
CHOICE_STRENGTH = 3.0
SMOOTHING = (0.0, 0.3, 0.6, 1.0)  # how much which part follows which counts
SCALE = 100  # weights are shipped in hundredths
FALSE_ALARMS = 0.05  # at most this share of texts without a part may be credited with it
LOWEST_BAR = 0.4  # one sentence may tell two parts, hardly three


class Told(NamedTuple):
    """A text as the reader meets it. `whole` is False for a piece, as in an answer to a probe."""

    story: str
    texts: tuple[str, ...]
    labels: tuple[str, ...]
    whole: bool


class Fitted(NamedTuple):
    """The classifier and the words that it knows."""

    model: LogisticRegression
    vocabulary: dict[str, int]


class HeldOut(NamedTuple):
    """Probabilities (sentences, 6) of an unseen text, and the label steps of the stories seen."""

    rows: Array
    steps: Array

    def smoothed(self, weight: float) -> Array:
        return smooth(self.rows, weight * self.steps)


def read_rows(name: str, split: str) -> list[dict[str, Any]]:
    """Return the rows of one split of a file of the data set."""
    lines = (DATA / name).read_text(encoding="utf-8").splitlines()
    return [row for row in map(json.loads, lines) if row["split"] == split]


def stories(split: str) -> list[Told]:
    """Return the whole stories of a split, and the texts that are no story."""
    grouped: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in [*read_rows("sentences.jsonl", split), *read_rows("no_story.jsonl", split)]:
        grouped[row["story"]].append(row)
    return [
        Told(story, tuple(r["text"] for r in rows), tuple(r["label"] for r in rows), True)
        for story, rows in grouped.items()
    ]


def short_answers() -> list[Told]:
    """Return the one-sentence answers to probes, each a text of its own."""
    rows = read_rows("answers.jsonl", "train")
    return [Told(row["story"], (row["text"],), (row["label"],), False) for row in rows]


def fragments(told: list[Told], seed: int = 7) -> list[Told]:
    """Cut every text into consecutive pieces of one to three sentences."""
    chance = random.Random(seed)
    cut: list[Told] = []
    for text in told:
        at = 0
        while at < len(text.texts):
            end = at + chance.randint(1, 3)
            cut.append(Told(text.story, text.texts[at:end], text.labels[at:end], False))
            at = end
    return cut


def rows_of(told: list[Told], embedder: Embedder, vocabulary: dict[str, int]) -> Array:
    """Return the features of all sentences of the texts, in order."""
    parts = []
    for text in told:
        vectors = embedder.vectors(text.texts).astype(np.float64)
        words = np.stack([word_features(sentence, vocabulary) for sentence in text.texts])
        parts.append(np.hstack([context_features(vectors), words]))
    return np.concatenate(parts)


def fit(told: list[Told], embedder: Embedder) -> Fitted:
    """Fit the sentence classifier."""
    counts = Counter(term for s in {s for text in told for s in text.texts} for term in terms(s))
    known = sorted(term for term, count in counts.items() if count >= LEAST_SENTENCES)
    vocabulary = {term: i for i, term in enumerate(known)}
    model = LogisticRegression(C=STRENGTH, class_weight="balanced", max_iter=300, tol=1e-3)
    model.fit(
        rows_of(told, embedder, vocabulary), [label for text in told for label in text.labels]
    )
    return Fitted(model, vocabulary)


def probabilities(fitted: Fitted, told: list[Told], embedder: Embedder) -> list[Array]:
    """Return per text (sentences, 6) in the order of LABELS."""
    found = fitted.model.predict_proba(rows_of(told, embedder, fitted.vocabulary))
    order = [list(fitted.model.classes_).index(label) for label in LABELS]
    cuts = np.cumsum([len(text.texts) for text in told])[:-1]
    return list(np.split(found[:, order], cuts))


def cross_validate(told: list[Told], embedder: Embedder) -> list[HeldOut]:
    """Return what a classifier that never saw a text's story says of it."""
    groups = [text.story for text in told]
    found: dict[int, HeldOut] = {}
    for train, test in GroupKFold(FOLDS).split(told, groups=groups):
        seen, unseen = [told[i] for i in train], [told[i] for i in test]
        fitted, steps = fit(seen, embedder), steps_of(seen)
        held_out = probabilities(fitted, unseen, embedder)
        found |= {int(i): HeldOut(rows, steps) for i, rows in zip(test, held_out, strict=True)}
    return [found[i] for i in range(len(told))]


def macro_f1(told: list[Told], found: list[Array]) -> float:
    """Return macro F1 over the sentences of the texts."""
    truth = [label for text in told for label in text.labels]
    guess = [LABELS[i] for rows in found for i in rows.argmax(axis=1)]
    return float(f1_score(truth, guess, average="macro"))


def steps_of(told: list[Told]) -> Array:
    """Return log P(label | previous label) / P(label), counted on whole texts (one added each)."""
    counts = np.ones((len(LABELS), len(LABELS)))
    for text in told:
        for a, b in pairwise(text.labels if text.whole else ()):
            counts[LABELS.index(a), LABELS.index(b)] += 1
    expected = counts.sum(axis=1)[:, None] * counts.sum(axis=0) / counts.sum()
    return np.asarray(np.log(counts / expected))


def part_threshold(told: list[Told], found: list[Array], label: str) -> float:
    """Return the probability from which a part counts as told.

    The lowest one at which at most FALSE_ALARMS of the texts without the part are credited.
    """
    column = LABELS.index(label)
    best = [float(rows[:, column].max()) for rows in found]
    wrong = [b for b, text in zip(best, told, strict=True) if label not in text.labels]
    return round(max(LOWEST_BAR, float(np.quantile(wrong, 1 - FALSE_ALARMS))), 2)


def choice_rows(split: str) -> tuple[list[str], list[bool], list[str]]:
    """Return sentences, whether each weighs an alternative, and groups for cross-validation."""
    rows = [*read_rows("sentences.jsonl", split), *read_rows("no_story.jsonl", split)]
    rows += read_rows("choices.jsonl", split)
    weighs = [bool(row.get("weighs_alternative")) for row in rows]
    return [r["text"] for r in rows], weighs, [r.get("story", r["id"]) for r in rows]


def choice_features(texts: list[str], embedder: Embedder, vocabulary: dict[str, int]) -> Array:
    """Return vector and words of each sentence; a choice is read without its neighbours."""
    words = np.stack([word_features(text, vocabulary) for text in texts])
    return np.hstack([embedder.vectors(texts).astype(np.float64), words])


def fit_choice(
    embedder: Embedder, vocabulary: dict[str, int]
) -> tuple[LogisticRegression, float, dict[str, float]]:
    """Fit the reader of weighed alternatives; return it with its threshold and its figures."""
    texts, weighs, groups = choice_rows("train")
    rows, truth = choice_features(texts, embedder, vocabulary), np.array(weighs)
    found = np.zeros(len(texts))
    for train, test in GroupKFold(FOLDS).split(rows, groups=groups):
        held = _choice_model().fit(rows[train], truth[train])
        found[test] = held.predict_proba(rows[test])[:, 1]
    marks = np.arange(0.3, 0.96, 0.01)
    scores = [f1_score(truth, found >= mark) for mark in marks]
    threshold = round(float(marks[int(np.argmax(scores))]), 2)
    figures = {"n": len(texts), "positives": int(truth.sum()), "f1": round(max(scores), 3)}
    return _choice_model().fit(rows, truth), threshold, figures


def _choice_model() -> LogisticRegression:
    return LogisticRegression(C=CHOICE_STRENGTH, class_weight={True: 6.0, False: 1.0}, max_iter=300)


def main() -> None:
    embedder = Embedder()
    whole = stories("train")
    told = [*whole, *fragments(whole), *short_answers()]
    held_out = cross_validate(told, embedder)
    report, weight = _compare_smoothing(told, held_out)
    found = [one.smoothed(weight) for one in held_out]
    thresholds = {part: part_threshold(told, found, part) for part in LABELS if part != OTHER}
    fitted = fit(told, embedder)
    choice, thresholds["choice"], report["choice"] = fit_choice(embedder, fitted.vocabulary)
    steps = weight * steps_of(told)
    WEIGHTS.write_text(_weights(fitted, steps, choice, thresholds), encoding="utf-8")
    report |= {"thresholds": thresholds, "bytes": WEIGHTS.stat().st_size}
    shown = json.dumps(report, indent=1)
    (DATA.parent.parent / "results" / "stories_fit.json").write_text(shown + "\n")
    print(shown)


def _compare_smoothing(told: list[Told], held_out: list[HeldOut]) -> tuple[dict[str, Any], float]:
    """Return cross-validated macro F1 per smoothing weight, and the weight best on whole stories."""
    report: dict[str, Any] = {"folds": FOLDS}
    real = [i for i, text in enumerate(told) if text.whole and set(text.labels) != {OTHER}]
    pieces = [i for i, text in enumerate(told) if not text.whole]
    for name, chosen in (("stories", real), ("pieces", pieces)):
        some = [told[i] for i in chosen]
        report[f"macro_f1_{name}"] = {
            str(weight): round(macro_f1(some, [held_out[i].smoothed(weight) for i in chosen]), 3)
            for weight in SMOOTHING
        }
    best = max(report["macro_f1_stories"].items(), key=lambda item: item[1])
    return report | {"smoothing": float(best[0])}, float(best[0])


def _weights(
    fitted: Fitted, steps: Array, choice: LogisticRegression, thresholds: dict[str, float]
) -> str:
    order = [list(fitted.model.classes_).index(label) for label in LABELS]
    coefficients, words = fitted.model.coef_[order], len(fitted.vocabulary)
    data = {
        "made_by": "python -m evals.fit_stories",
        "labels": LABELS,
        "scale": SCALE,
        "thresholds": thresholds,
        "bias": _whole(fitted.model.intercept_[order]),
        "steps": _whole(steps),
        "context": _whole(coefficients[:, :-words]),
        "terms": list(fitted.vocabulary),
        "words": _whole(coefficients[:, -words:]),
        "choice_bias": _whole(choice.intercept_)[0],
        "choice_vector": _whole(choice.coef_[0, :-words]),
        "choice_words": _whole(choice.coef_[0, -words:]),
    }
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")) + "\n"


def _whole(values: Array) -> Any:
    return np.rint(np.asarray(values) * SCALE).astype(int).tolist()


if __name__ == "__main__":
    main()
