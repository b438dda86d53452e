"""Training pairs of the grader: a claim and a wording of it that is right, wrong or about another.

With wordings, each text is held against the others of its claim with itself and its twin (the wrong
wording written to match it) left out, as a fresh answer would be. An "echo" is a text with every
fifth word dropped, held against all wordings: an answer close to what the author foresaw.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from interviewer.content import content_root, read_bank
from interviewer.grading import features, wordings
from interviewer.grading.passages import Passage, PassageReader
from interviewer.synonyms import load_synonyms


class Pair(NamedTuple):
    """Features of one (claim, text); `group` is what must not be split over train and test."""

    source: str
    group: str
    claim: str
    kind: str
    coverage: list[float]
    conflict: list[float]
    met: list[float]
    foreseen: float


class Item(NamedTuple):
    """A claim with its texts."""

    group: str
    question: str
    claim: str
    right: tuple[str, ...]
    wrong: tuple[str, ...]
    neutral: tuple[str, ...]


def bank_pairs(reader: PassageReader) -> Iterator[Pair]:
    """Yield pairs of the question bank; neutral texts are the right wordings of two neighbours."""
    bank, _ = read_bank(content_root())
    for question in bank.questions.values():
        points = [p for p in question.key_points if not p.signal]
        for n, point in enumerate(points):
            others = [points[(n + 1) % len(points)], points[(n + 2) % len(points)]]
            neutral = tuple(text for p in others if p is not point for text in p.right)
            item = Item(question.id, question.prompt, point.claim, point.right, point.wrong, neutral)
            yield from _pairs(reader, "bank", item)
            yield from _pairs(reader, "echo", item)


def own_pairs(reader: PassageReader, datasets: Path) -> Iterator[Pair]:
    """Yield pairs of own_technical, whose claims have one wording of each kind."""
    texts: dict[str, dict[str, list[str]]] = {}
    for line in (datasets / "nli" / "own_technical.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if row["source"] == "own":
            kinds = texts.setdefault(row["hypothesis"], {})
            kinds.setdefault(row["label"], []).append(row["premise"])
    for claim, kinds in texts.items():
        if claim not in kinds.get("entailment", ()):
            continue  # the hypothesis is itself a wording, not a claim
        item = Item(
            "own_" + hashlib.sha256(claim.encode()).hexdigest()[:6],
            "",
            claim,
            tuple(t for t in kinds["entailment"] if t != claim)[:1],
            tuple(kinds.get("contradiction", ()))[:1],
            tuple(kinds.get("neutral", ()))[:3],
        )
        yield from _pairs(reader, "own", item)


def _pairs(reader: PassageReader, source: str, item: Item) -> Iterator[Pair]:
    claim, asked = reader.read(item.claim), reader.read(item.question or "?")
    echo = source == "echo"
    labelled = [
        (kind, i, reader.read(_thinned(text) if echo else text))
        for kind, texts in (("right", item.right), ("wrong", item.wrong), ("neutral", item.neutral))
        for i, text in enumerate(texts)
    ]
    measured = features.measure(
        [claim], [p for _, _, p in labelled], asked, load_synonyms().canonical
    )
    for n, (kind, i, said) in enumerate(labelled):
        conflict = features.conflict(claim, said)
        topic = float(measured.align[0, n] + measured.cosine[0, n]) / 2
        met, foreseen = _worded(reader, item, claim, -1 if echo or kind == "neutral" else i, said)
        yield Pair(
            source, item.group, item.claim, kind, measured.at(0, n),
            [conflict.opposite, conflict.negation, conflict.swap, topic], met, foreseen,
        )  # fmt: skip


def _worded(
    reader: PassageReader, item: Item, claim: Passage, i: int, said: Passage
) -> tuple[list[float], float]:
    """Compare with the wordings left when the text and its twin, number i, are taken out."""
    right, wrong = _without(item.right, i), _without(item.wrong, i)
    if not wrong:
        return [], 0.0
    compared = wordings.compare(
        [claim, *(reader.read(t) for t in right)], [reader.read(t) for t in wrong], [said]
    )
    return (
        [float(compared[name][0]) for name in wordings.MET],
        float(compared["foreseen"][0]),
    )


def _without(texts: Sequence[str], i: int) -> list[str]:
    return [text for n, text in enumerate(texts) if n != i]


def _thinned(text: str) -> str:
    return " ".join(word for n, word in enumerate(text.split()) if n % 5 != 2)
