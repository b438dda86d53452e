"""Claims with right and wrong wordings, for tuning an embedding: from the bank and own_technical.

Invariant: a fold holds whole topics, and no training claim is a near copy of a held-out one.
Knows nothing of torch.
"""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from evals.answers import labelled_points
from interviewer.content import read_bank
from interviewer.schema import Misconception, Question

Vectors = npt.NDArray[np.float32]
FOLDS = 6
TEST_FOLD = 0  # its topics are never tuned on, nor chosen by
# A training claim nearer than this (base embedding) to a held-out claim says the same idea.
NEAR_COPY = 0.7
_OWN_BLOCK = 8


class Claim(NamedTuple):
    """An anchor and its wordings, the plain one first.

    Claims of one `family` are about one idea, so their texts are no negatives of each other.
    `kind` is point, misconception (the anchor is false, its wrong wording is the correction),
    correction, own or general.
    """

    kind: str
    topic: str
    question: str
    family: str
    text: str
    right: tuple[str, ...]
    wrong: tuple[str, ...]

    @property
    def texts(self) -> tuple[str, ...]:
        """Return the anchor and every wording."""
        return (self.text, *self.right, *self.wrong)


def read_claims(content: Path, own: Path) -> list[Claim]:
    """Return the claims of the bank below `content` and of the file `own`."""
    bank, _ = read_bank(content)
    found = [c for q in bank.questions.values() for c in _claims_of(q)]
    return found + list(_own_claims(own))


def topic_folds(claims: Sequence[Claim]) -> dict[str, int]:
    """Give each bank topic its fold; topics newer than the list go to any but the test fold."""
    return {
        c.topic: _listed().get(c.topic, 1 + zlib.crc32(c.topic.encode()) % (FOLDS - 1))
        for c in claims
        if c.kind not in ("own", "general")
    }


def without_copies(
    train: Sequence[Claim], held_out: Sequence[Claim], embed: Callable[[Sequence[str]], Vectors]
) -> list[Claim]:
    """Drop training claims that say what a held-out claim says."""
    if not held_out:
        return list(train)
    nearest = (embed([c.text for c in train]) @ embed([c.text for c in held_out]).T).max(axis=1)
    return [c for c, cosine in zip(train, nearest, strict=True) if cosine < NEAR_COPY]


def split_claims(
    claims: Sequence[Claim],
    embed: Callable[[Sequence[str]], Vectors],
    but_tuned: bool = False,
) -> tuple[list[Claim], list[Claim]]:
    """Return the claims to train on, and those held out: of the test fold or of a labelled answer.

    `but_tuned` trains on those of the answers that are themselves tuned on.
    """
    folds, labelled = topic_folds(claims), labelled_points(but_tuned)
    away = [c for c in claims if folds.get(c.topic) == TEST_FOLD or c.family in labelled]
    held_out = set(away)
    kept = [c for c in claims if c not in held_out]
    return without_copies(kept, away, embed), away


def one_wording_each(claims: Sequence[Claim], held_out: bool) -> list[Claim]:
    """Keep one register of each key point's wordings, plain and field's in turn, or the other one.

    Tells how a model fares on new wordings of claims that it knows. Misconceptions are left out:
    they word the same false ideas again.
    """
    points = [c for c in claims if c.kind == "point"]
    sides = [(n + held_out) % 2 for n in range(len(points))]
    return [
        c._replace(right=c.right[i : i + 1], wrong=c.wrong[i : i + 1])
        for c, i in zip(points, sides, strict=True)
    ]


def turned_round(text: str) -> str | None:
    """Return the text with one pair of opposites exchanged, or None where it has none."""
    for pair in _OPPOSITES.split():
        left, right = pair.split("/")
        turned = re.sub(rf"\b{left}\b", "\0", text, flags=re.IGNORECASE)
        turned = re.sub(rf"\b{right}\b", left, turned, flags=re.IGNORECASE).replace("\0", right)
        if turned != text:
            return turned
    return None


def read_general(paths: Sequence[Path]) -> Iterator[Claim]:
    """Yield premises with what follows from them and what does not, from files of entailment pairs.

    Their own `dev` splits are left out.
    """
    for path in paths:
        texts: dict[str, dict[bool, list[str]]] = {}
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            if not row["source"].endswith(":dev") and row["label"] != "neutral":
                kinds = texts.setdefault(row["premise"], {True: [], False: []})
                kinds[row["label"] == "entailment"].append(row["hypothesis"])
        both = [(premise, kinds) for premise, kinds in texts.items() if all(kinds.values())]
        for n, (premise, kinds) in enumerate(both):
            block = f"{path.stem}_{n // _OWN_BLOCK}"
            right, wrong = tuple(kinds[True][:2]), tuple(kinds[False][:2])
            yield Claim("general", block, block, f"{path.stem}/{n}", premise, right, wrong)


def _claims_of(question: Question) -> Iterator[Claim]:
    points = {p.id: p for p in question.key_points if not p.signal}
    for point in points.values():
        family = f"{question.id}/{point.id}"
        yield Claim(
            "point", question.topic, question.id, family, point.claim, point.right, point.wrong
        )
    for misconception in question.misconceptions:
        linked = points.get(misconception.key_point or "")
        yield from _claims_about(question, misconception, linked.claim if linked else None)


def _claims_about(question: Question, m: Misconception, truth: str | None) -> Iterator[Claim]:
    family = f"{question.id}/{m.key_point or m.id}"
    place = (question.topic, question.id, family)
    yield Claim("misconception", *place, m.claim, m.wordings, (m.correction,))
    if truth:
        yield Claim("correction", *place, m.correction, (truth,), (m.claim, *m.wordings))


def _own_claims(path: Path) -> Iterator[Claim]:
    """Yield the claims of own_technical, whose premises are one wording of each kind."""
    texts: dict[str, dict[str, list[str]]] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if row["source"] == "own":
            kinds = texts.setdefault(row["hypothesis"], {})
            kinds.setdefault(row["label"], []).append(row["premise"])
    claims = [c for c, kinds in texts.items() if c in kinds.get("entailment", ())]
    for n, claim in enumerate(claims):
        right = tuple(t for t in texts[claim]["entailment"] if t != claim)[:1]
        wrong = tuple(texts[claim].get("contradiction", ()))[:1]
        if right and wrong:
            block = f"own_{n // _OWN_BLOCK}"
            yield Claim("own", block, block, f"own/{n}", claim, right, wrong)


@cache
def _listed() -> dict[str, int]:
    lines = (line.split(": ") for line in _FOLDS.strip().splitlines())
    return {topic: int(fold) for fold, topics in lines for topic in topics.split()}


# Written down, so that a topic stays in its fold when others are added.
_FOLDS = """
0: design_recommendation evaluation_metrics failure gradient_descent recommenders svm_kernels technical_depth
1: ambiguity data_pipelines debug_training dimensionality_reduction impact neural_networks validation
2: bias_variance boosting debug_features drift_monitoring experimentation regularisation self_introduction
3: cnn collaboration conflict design_ads distributed_training leadership sequence_models
4: attention_transformers debug_skew design_trust feature_engineering linear_models mentoring serving
5: clustering debug_leakage design_ranking embeddings llm_training papers trees_and_forests
"""
_OPPOSITES = """
precision/recall l1/l2 lasso/ridge bias/variance encoder/decoder rows/columns
overfitting/underfitting overfits/underfits training/test offline/online before/after
positives/negatives numerator/denominator increases/decreases increase/decrease raises/lowers
raise/lower rises/falls grows/shrinks higher/lower larger/smaller large/small more/fewer
faster/slower always/never same/different independent/dependent convex/concave sparse/dense
bagging/boosting better/worse cheap/expensive maximise/minimise first/last input/output
stable/unstable linear/quadratic adds/removes global/local long/short high/low strong/weak
many/few up/down early/late
"""
