"""How well does an embedding tell right from wrong wordings? `python -m evals.tuning_figures`.

Every figure is a share of pairs that are ordered rightly (a tie is wrong), with chance 0.5. The
command measures the models as they ship, on the topics they were not tuned on and on the others.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from itertools import product
from pathlib import Path

import numpy as np

from evals.tuning_data import (
    TEST_FOLD,
    Claim,
    Vectors,
    read_claims,
    topic_folds,
    turned_round,
)
from interviewer.content import content_root
from interviewer.embedding import get_embedder

OWN = Path(__file__).parent / "datasets" / "nli" / "own_technical.jsonl"
Embed = Callable[[Sequence[str]], Vectors]


class Cosines:
    """Cosines between texts, each embedded once."""

    def __init__(self, embed: Embed, texts: Iterable[str]) -> None:
        distinct = list(dict.fromkeys(texts))
        self._rows = dict(zip(distinct, embed(distinct), strict=True))

    def __call__(self, a: str, b: str) -> float:
        return float(self._rows[a] @ self._rows[b])


def measure(embed: Embed, claims: Sequence[Claim]) -> dict[str, float]:
    """Return each figure and, under `n_...`, its number of pairs."""
    points = [c for c in claims if c.kind == "point"]
    turned = [(c, t, turned_round(t)) for c in points for t in c.right]
    extra = [back for _, _, back in turned if back]
    cosine = Cosines(embed, [*(t for c in claims for t in c.texts), *extra])

    def nearer(rows: Iterable[tuple[str, str, str]]) -> list[bool]:
        return [cosine(claim, good) > cosine(claim, bad) for claim, good, bad in rows]

    found = {
        "right_over_wrong": nearer(
            (c.text, r, w) for c in points for r, w in product(c.right, c.wrong)
        ),
        "plain_right_over_plain_wrong": nearer((c.text, c.right[0], c.wrong[0]) for c in points),
        "field_right_over_field_wrong": nearer((c.text, c.right[-1], c.wrong[-1]) for c in points),
        "plain_right_over_field_wrong": nearer((c.text, c.right[0], c.wrong[-1]) for c in points),
        "right_over_neutral": nearer(_neutral(points)),
        "plain_right_over_neutral": nearer(_neutral(points, plain=True)),
        "own_claim_over_neighbour": nearer(_neighbours(points)),
        "plain_own_claim_over_neighbour": nearer(_neighbours(points, plain=True)),
        "own_claim_over_any_other": nearer(_others(points)),
        "right_over_itself_turned_round": nearer((c.text, t, b) for c, t, b in turned if b),
        "false_wording_over_correction": nearer(
            (c.text, r, w)
            for c in claims
            if c.kind == "misconception"
            for r in c.right
            for w in c.wrong
        ),
        "with_wordings_right_over_wrong": list(_with_wordings(cosine, points)),
    }
    shares = {name: round(float(np.mean(pairs)), 4) for name, pairs in found.items() if pairs}
    return shares | {f"n_{name}": len(pairs) for name, pairs in found.items()}


def _neutral(points: Sequence[Claim], plain: bool = False) -> Iterable[tuple[str, str, str]]:
    """Right wordings of a claim against the right wordings of its question's other claims."""
    for c, other in _same_question(points):
        for r, n in product(
            c.right[:1] if plain else c.right, other.right[:1] if plain else other.right
        ):
            yield c.text, r, n


def _neighbours(points: Sequence[Claim], plain: bool = False) -> Iterable[tuple[str, str, str]]:
    for c, other in _same_question(points):
        for r in c.right[:1] if plain else c.right:
            yield r, c.text, other.text


def _others(points: Sequence[Claim]) -> Iterable[tuple[str, str, str]]:
    for c, other in product(points, points):
        if c.question != other.question:
            for r in c.right:
                yield r, c.text, other.text


def _same_question(points: Sequence[Claim]) -> Iterable[tuple[Claim, Claim]]:
    return (
        (c, other)
        for c, other in product(points, points)
        if c.question == other.question and c.family != other.family
    )


def _with_wordings(cosine: Cosines, points: Sequence[Claim]) -> Iterable[bool]:
    """Hold a text against the claim's other wordings, itself and its twin left out."""
    for c in points:
        if len(c.right) != 2 or len(c.wrong) != 2:
            continue
        for i in (0, 1):
            right, wrong = c.right[1 - i], c.wrong[1 - i]
            margins = [
                max(cosine(text, c.text), cosine(text, right)) - cosine(text, wrong)
                for text in (c.right[i], c.wrong[i])
            ]
            yield margins[0] > margins[1]


def main() -> None:
    """Print the figures of both models as the product loads them."""
    claims = read_claims(content_root(), OWN)
    folds = topic_folds(claims)
    parts = {
        "held_out": [c for c in claims if folds.get(c.topic) == TEST_FOLD],
        "trained": [c for c in claims if folds.get(c.topic, TEST_FOLD) != TEST_FOLD],
    }
    base, tuned = get_embedder(None), get_embedder(None, "tuned")
    figures = {
        part: {"base": measure(base.vectors, some), "tuned": measure(tuned.vectors, some)}
        for part, some in parts.items()
    }
    print(json.dumps(figures, indent=1))


if __name__ == "__main__":
    main()
