"""How good is the story reader: `python -m evals.stories` prints and writes results/stories.json.

Four questions, each with its n: sentence labels on the test stories (beside a TF-IDF baseline), parts
found in whole test stories, what texts that are no story earn, and the bank's own authored stories.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import classification_report, f1_score
from sklearn.pipeline import make_pipeline

from evals.fit_stories import DATA, Told, choice_rows, read_rows, stories
from interviewer.content import load_bank
from interviewer.embedding import Embedder
from interviewer.grading.stories import StoryReader
from interviewer.grading.story_evidence import PARTS
from interviewer.grading.story_sentences import LABELS, OTHER, SentenceClassifier
from interviewer.schema import Rubric, Turn

RESULTS = Path(__file__).parent / "results" / "stories.json"
SIGNALS = (*PARTS, "ownership", "numbers", "tradeoff")
Seen = dict[str, bool]


def main() -> None:
    embedder = Embedder()
    reader, bank = StoryReader(embedder), load_bank()
    rubric = bank.rubrics["behavioral"]

    def see(text: str) -> Seen:
        turn = Turn(id=1, role="candidate", text=text, at=datetime(2025, 1, 1, tzinfo=UTC))
        return {s.signal_id: s.seen is True for s in reader.signals([turn], rubric)}

    told = [text for text in stories("test") if set(text.labels) != {OTHER}]
    result = {
        "sentences": _sentences(told, SentenceClassifier(embedder)),
        "whole_stories": _whole_stories(told, see),
        "choices": _choices(SentenceClassifier(embedder)),
        "no_story": _no_story(see),
        "bank": _bank(rubric, see),
        "seconds_600_words": _speed(reader),
    }
    shown = json.dumps(result, indent=1)
    RESULTS.write_text(shown + "\n", encoding="utf-8")
    print(shown)


def _sentences(told: list[Told], classifier: SentenceClassifier) -> dict[str, Any]:
    truth = [label for text in told for label in text.labels]
    guess = [label for text in told for label in _labels(text, classifier)]
    report = classification_report(truth, guess, labels=LABELS, output_dict=True, zero_division=0)
    rows = read_rows("sentences.jsonl", "train")
    plain = make_pipeline(
        TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True),
        LogisticRegression(class_weight="balanced", C=10, max_iter=1000),
    ).fit([row["text"] for row in rows], [row["label"] for row in rows])
    baseline = plain.predict([sentence for text in told for sentence in text.texts])
    return {
        "n": len(truth),
        "macro_f1": round(f1_score(truth, guess, average="macro"), 3),
        "accuracy": round(report["accuracy"], 3),
        "tf_idf_macro_f1": round(f1_score(truth, baseline, average="macro"), 3),
        "per_label": {label: _rounded(report[label]) for label in LABELS},
    }


def _labels(text: Told, classifier: SentenceClassifier) -> list[str]:
    """Return one label per labelled sentence: that of the sentence read at its middle."""
    whole, marks = "", []
    for sentence in text.texts:
        marks.append(len(whole) + len(sentence) // 2)
        whole += sentence + " "
    readings = classifier.read(whole)
    at = [next((r for r in readings if r.span.end > mark), readings[-1]) for mark in marks]
    return [max(r.probabilities, key=r.probabilities.__getitem__) for r in at]


def _whole_stories(told: list[Told], see: Callable[[str], Seen]) -> dict[str, Any]:
    """Return per signal how often it is there, seen, and seen where it is not."""
    marked = {row["story"]: row for row in map(json.loads, _lines("whole_stories.jsonl"))}
    weighing = {
        row["story"]
        for row in read_rows("sentences.jsonl", "test")
        if row.get("weighs_alternative")
    }
    pairs = []
    for text in told:
        truth = {part: part in text.labels for part in PARTS}
        truth |= {key: marked[text.story][key] for key in ("ownership", "numbers")}
        truth["tradeoff"] = text.story in weighing
        pairs.append((truth, see(" ".join(text.texts))))
    return {"n": len(pairs)} | {signal: _agreement(signal, pairs) for signal in SIGNALS}


def _choices(classifier: SentenceClassifier) -> dict[str, Any]:
    """Return how well single test sentences that weigh an alternative are told from others."""
    texts, weighs, _ = choice_rows("test")
    bar = classifier.thresholds()["choice"]
    found = [max((r.choice for r in classifier.read(text)), default=0.0) >= bar for text in texts]
    report = classification_report(weighs, found, output_dict=True, zero_division=0)
    return {"n": len(texts)} | _rounded(report["True"])


def _no_story(see: Callable[[str], Seen]) -> dict[str, Any]:
    """Return per split which texts that are no story earned a signal (train: as fitted)."""
    found: dict[str, Any] = {}
    for split in ("train", "test"):
        texts = [text for text in stories(split) if set(text.labels) == {OTHER}]
        earned = {t.story: [s for s, yes in see(" ".join(t.texts)).items() if yes] for t in texts}
        wrong = {story: signals for story, signals in earned.items() if signals}
        found[split] = {"n": len(texts), "with_a_signal": wrong}
    return found


def _bank(rubric: Rubric, see: Callable[[str], Seen]) -> dict[str, Any]:
    """Return what the bank's reference stories and single wordings show; none was trained on."""
    questions = load_bank().of_round(rubric.round)
    references = {q.id: see(q.reference) for q in questions}
    found: dict[str, Any] = {
        "references": {
            "n": len(questions),
            "seen": {s: sum(seen[s] for seen in references.values()) for s in SIGNALS},
        }
    }
    for kind in ("right", "wrong"):
        counts = {signal: [0, 0] for signal in SIGNALS}
        for point in (p for q in questions for p in q.key_points if p.signal):
            for wording in getattr(point, kind):
                counts[point.signal or ""][0] += see(wording)[point.signal or ""]
                counts[point.signal or ""][1] += 1
        found[f"{kind}_wordings_alone"] = {s: f"{yes}/{n}" for s, (yes, n) in counts.items() if n}
    return found


def _speed(reader: StoryReader) -> float:
    """Return the seconds for a 600-word story whose sentences were never embedded before."""
    rows = iter(row["text"] for row in read_rows("sentences.jsonl", "train"))
    reader.read("The model is loaded by this sentence, which is not timed.", 1)
    text = ""
    while len(text.split()) < 600:
        text += next(rows) + " "
    begun = time.perf_counter()
    reader.read(text, 1)
    return round(time.perf_counter() - begun, 3)


def _agreement(signal: str, pairs: Iterable[tuple[Seen, Seen]]) -> dict[str, int]:
    there = [(truth[signal], seen[signal]) for truth, seen in pairs]
    return {
        "there": sum(truth for truth, _ in there),
        "found": sum(truth and seen for truth, seen in there),
        "false_alarms": sum(seen and not truth for truth, seen in there),
    }


def _rounded(values: dict[str, float]) -> dict[str, float]:
    return {key: round(float(value), 3) for key, value in values.items()}


def _lines(name: str) -> list[str]:
    return (DATA / name).read_text(encoding="utf-8").splitlines()


if __name__ == "__main__":
    main()
