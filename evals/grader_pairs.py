"""Training pairs of the claim matcher: a claim and a text that is right, wrong or about another."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from interviewer.content import content_root, read_bank
from interviewer.grading import features
from interviewer.grading.passages import PassageReader
from interviewer.synonyms import load_synonyms


class Pair(NamedTuple):
    """Features of one (claim, text); `group` is what must not be split over train and test."""

    source: str
    group: str
    claim: str
    kind: str
    coverage: list[float]
    conflict: list[float]


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
            item = Item(
                question.id, question.prompt, point.claim, point.right, point.wrong, neutral
            )
            yield from _pairs(reader, "bank", item)


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
    labelled = [
        (kind, reader.read(text))
        for kind, texts in (("right", item.right), ("wrong", item.wrong), ("neutral", item.neutral))
        for text in texts
    ]
    measured = features.measure([claim], [p for _, p in labelled], asked, load_synonyms().canonical)
    for n, (kind, said) in enumerate(labelled):
        conflict = features.conflict(claim, said)
        topic = float(measured.align[0, n] + measured.cosine[0, n]) / 2
        yield Pair(
            source, item.group, item.claim, kind, measured.at(0, n),
            [conflict.opposite, conflict.negation, conflict.swap, topic],
        )  # fmt: skip
