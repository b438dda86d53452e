"""Pairs of a claim and a text that says it, denies it, or neither: what the cross-encoder learns from.

Both sides are drawn from right and wrong wordings alike, so that neither "sounds wrong" alone nor the
words of the claim alone tell the label. Knows nothing of torch.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple, TypeVar

from evals.answers import Answer
from evals.tuning_data import Claim, turned_round
from interviewer.grading import features
from interviewer.grading.passages import PassageReader, Said
from interviewer.grading.reading import usable_windows
from interviewer.grading.senses import Target, sense

T = TypeVar("T")
DENIED, UNSAID, SAID = 0, 1, 2
_LABELS = {"contradiction": DENIED, "neutral": UNSAID, "entailment": SAID}
# Drawn anew for every claim in every epoch.
_SAID, _DENIED, _UNSAID = 5, 6, 6
# As many more for the claim's own words with one turn in them.
_IN_ITS_WORDS = 2
_BEFORE = ("", "", "", "So ", "I would say that ", "In short, ", "Well, ", "The way I see it, ")
_AFTER = (".", ".", "", ", right?", ", and that matters in practice.", ", I think.")
_SMALL_WORDS = frozenset(
    ["the", "a", "an", "of", "that", "this", "its", "their", "very", "each", "all", "so", "to"]
)
_VERB = re.compile(r"\b(is|are|does|do|can|will|should|must|has to|have to|would|may)\b(?! not)")
_WITH_NEIGHBOUR, _AS_SPOKEN = 0.3, 0.15
_PASSAGE_LABELS = {"said": SAID, "denied": DENIED, "about": UNSAID}
# Verdict -> label, by which nearness the deciding windows are found, and how many are taken.
_DECIDED = {
    "met": (SAID, "right", 2),
    "contradicted": (DENIED, "topic", 2),
    "not_met": (UNSAID, "topic", 2),
}
_LONGEST_PREMISE = 300  # characters
_GENERAL_PER_FILE = 1000


class Pair(NamedTuple):
    """Does the text say the claim?"""

    claim: str
    text: str
    label: int


class Passage(NamedTuple):
    """One or two sentences as they stand in an answer; `family` is the question and its point."""

    family: str
    text: str
    label: str  # said, denied, about


def pairs_of(claims: Sequence[Claim], chance: random.Random, plain: bool = False) -> Iterator[Pair]:
    """Yield pairs of every claim; `plain` ones, for measuring, are all of its wordings as they stand."""
    by_question: dict[str, list[Claim]] = {}
    for claim in claims:
        by_question.setdefault(claim.question, []).append(claim)
    for claim in claims:
        near = [
            text
            for other in by_question[claim.question]
            if other.family != claim.family
            for text in (*other.right, *other.wrong)
        ]
        if plain:
            yield from (Pair(claim.text, t, SAID) for t in claim.right)
            yield from (Pair(claim.text, t, DENIED) for t in claim.wrong)
            yield from (Pair(claim.text, t, UNSAID) for t in _some(near, 5, chance))
        else:
            yield from _drawn(claim, near, chance.choice(claims), chance)


def answer_pairs(answers: Sequence[Answer], reader: PassageReader) -> Iterator[Pair]:
    """Yield pairs of labelled answers: each point with the windows that most likely decided its label.

    Labels are of whole answers, so which window made or denied a point is read off its wordings.
    """
    for answer in answers:
        points = [p for p in answer.question.key_points if not p.signal] if answer.question else []
        windows = usable_windows(reader, [Said(1, answer.text)])
        if not points or not windows:
            continue
        targets = [Target(p.claim, p.right, p.wrong) for p in points]
        asked, claims = reader.read(answer.prompt), [reader.read(p.claim) for p in points]
        standing = features.standing(claims, [w.passage for w in windows], asked)
        senses = sense(reader, targets, windows, standing)
        for k, point in enumerate(points):
            label, near, most = _DECIDED.get(answer.points[point.id], (UNSAID, "", 0))
            order = (-getattr(senses, near)[k]).argsort(kind="stable")[:most] if near else ()
            for j in order:
                yield Pair(point.claim, windows[j].passage.text, label)


def read_passages(folder: Path) -> list[Passage]:
    """Return the authored passages of all files of a folder."""
    rows = [
        json.loads(line)
        for path in sorted(folder.glob("*.jsonl"))
        for line in path.read_text(encoding="utf-8").splitlines()
    ]
    return [Passage(f"{r['question']}/{r['point']}", r["text"], r["label"]) for r in rows]


def passage_pairs(
    passages: Sequence[Passage], claims: Sequence[Claim], chance: random.Random
) -> Iterator[Pair]:
    """Yield passages with their claim, and with a wording of it or another claim of the question.

    Passages of claims that are held out are left out.
    """
    points = {c.family: c for c in claims if c.kind == "point"}
    questions: dict[str, list[Claim]] = {}
    for claim in points.values():
        questions.setdefault(claim.question, []).append(claim)
    for passage in passages:
        claim_of = points.get(passage.family)
        if claim_of is None:
            continue
        label = _PASSAGE_LABELS[passage.label]
        others = [c for c in questions[claim_of.question] if c.family != passage.family]
        near = [text for other in others for text in (*other.right, *other.wrong)]
        yield Pair(claim_of.text, _in_speech(passage.text, near, chance), label)
        more = [Pair(text, passage.text, label) for text in claim_of.right]
        if label == SAID:
            more += [Pair(text, passage.text, DENIED) for text in claim_of.wrong]
        if others:
            more += [Pair(chance.choice(others).text, passage.text, UNSAID)]
        yield chance.choice(more)


def read_entailment(paths: Sequence[Path], chance: random.Random) -> list[Pair]:
    """Return some pairs of each file; its own `dev` split and long premises are left out."""
    found: list[Pair] = []
    for path in paths:
        rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        kept = [
            Pair(row["hypothesis"], row["premise"], _LABELS[row["label"]])
            for row in rows
            if row["label"] in _LABELS
            and not row["source"].endswith(":dev")
            and len(row["premise"]) < _LONGEST_PREMISE
        ]
        found += _some(kept, _GENERAL_PER_FILE, chance)
    return found


def _drawn(claim: Claim, near: Sequence[str], far: Claim, chance: random.Random) -> Iterator[Pair]:
    true: tuple[str, ...] = (claim.text, *claim.right)
    false: tuple[str, ...] = claim.wrong
    if claim.kind == "misconception":  # its claim is the false one
        true, false = false, true
    backs = [b for t in true[1:] if (b := turned_round(t))]
    said = [(h, t) for h in true for t in true if h != t] + [(f, f) for f in false]
    denied = [(t, f) for t in true for f in false] + [(f, t) for f in false for t in true]
    denied += [(true[0], b) for b in backs]
    unsaid = [(chance.choice((*true, *true, *false)), t) for t in _some(near, _UNSAID - 1, chance)]
    if far.question != claim.question:
        unsaid.append((true[0], chance.choice(far.texts)))
    own = [(t, _nearly(t, chance)) for t in (true[0], true[0], chance.choice(true + false))]
    not_own = [(t, n) for t in true if (n := _negated(t) or turned_round(t))]
    for drawn, label in (
        ([*_some(said, _SAID, chance), *own], SAID),
        ([*_some(denied, _DENIED, chance), *_some(not_own, _IN_ITS_WORDS, chance)], DENIED),
        (unsaid, UNSAID),
    ):
        for hypothesis, text in drawn:
            yield Pair(hypothesis, _in_speech(text, near, chance), label)


def _nearly(text: str, chance: random.Random) -> str:
    """Say a sentence almost in its own words: right wordings seldom do, and candidates often."""
    words = text.rstrip(".").split()
    for _ in range(chance.randint(0, 2)):
        small = [i for i, w in enumerate(words) if w.lower() in _SMALL_WORDS]
        if small:
            del words[chance.choice(small)]
    if len(words) > 8 and chance.random() < 0.4:
        at = chance.randint(3, len(words) - 3)
        words.insert(
            at, chance.choice(("basically", "really", "usually", "as I said", "of course"))
        )
    said = " ".join(words)
    before = chance.choice(_BEFORE)
    return f"{before}{said[0].lower() if before else said[0]}{said[1:]}{chance.choice(_AFTER)}"


def _negated(text: str) -> str | None:
    """Put a `not` behind the first verb that takes one."""
    negated = _VERB.sub(r"\1 not", text, count=1)
    return negated if negated != text else None


def _in_speech(text: str, near: Sequence[str], chance: random.Random) -> str:
    """Now and then put another point's sentence beside the text, or take its punctuation away."""
    if near and chance.random() < _WITH_NEIGHBOUR:
        both = [text, chance.choice(near)]
        chance.shuffle(both)
        text = " ".join(both)
    if chance.random() < _AS_SPOKEN:
        text = re.sub(r"[.,;:!?]", "", text)
    return text


def _some(items: Sequence[T], most: int, chance: random.Random) -> list[T]:
    return chance.sample(items, min(most, len(items)))
