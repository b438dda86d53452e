"""Tune all-MiniLM-L6-v2 to tell right from wrong wordings: `python -m evals.tune_embedding`.

Needs requirements-tune.in (torch), which the product never does. Whole topics are held back: fold 0
from the model that ships and from every choice (`--develop`), each fold in turn for the figures. So
are the points of all labelled answers, and what says the same.
"""

from __future__ import annotations

import argparse
import json
import logging
import random
import time
from collections import Counter
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from evals.answers import labelled_points
from evals.export_embedding import export
from evals.tuning_data import (
    FOLDS,
    TEST_FOLD,
    Claim,
    Vectors,
    one_wording_each,
    read_claims,
    read_general,
    topic_folds,
    turned_round,
    without_copies,
)
from evals.tuning_figures import OWN, measure
from evals.tuning_model import Model, pace_of
from interviewer.content import content_root

_SAME_IDEA = 0.8  # base cosine above which another claim's text is no negative
log = logging.getLogger("tune_embedding")


class Settings(NamedTuple):
    """What a run is made of; the defaults are the shipped run's."""

    epochs: int = 3
    rate: float = 1.5e-4
    temperature: float = 0.05
    margin: float = 0.1
    margin_weight: float = 1.0
    keep_weight: float = 10.0
    turned: int = 0
    questions_at_once: int = 2
    frozen_layers: int = 2
    blend: float = 1.0
    seed: int = 7


def batches(claims: Sequence[Claim], settings: Settings, epoch: int) -> list[list[Claim]]:
    """Return the claims in batches of whole questions, so that neighbours are hard negatives."""
    chance = random.Random(settings.seed * 1000 + epoch)
    questions: dict[str, list[Claim]] = {}
    for claim in claims:
        questions.setdefault(claim.question, []).append(claim)
    names = sorted(questions)
    chance.shuffle(names)
    size = settings.questions_at_once
    return [
        [c for name in names[at : at + size] for c in questions[name]]
        for at in range(0, len(names), size)
    ]


class Batch(NamedTuple):
    """Distinct texts, and who is what to whom: row numbers and masks of claims against texts."""

    texts: list[str]
    anchors: list[int]
    right: Vectors
    wrong: Vectors
    other: Vectors
    far: Vectors


def prepare(claims: Sequence[Claim], base: dict[str, Vectors], turned: bool) -> Batch:
    """Lay out a batch; a right wording turned round is one more wrong text of its claim."""
    backs = [
        [b for t in c.right if turned and c.kind != "misconception" and (b := turned_round(t))]
        for c in claims
    ]
    texts = list(
        dict.fromkeys(t for c, b in zip(claims, backs, strict=True) for t in (*c.texts, *b))
    )
    place = {text: n for n, text in enumerate(texts)}
    shape = (len(claims), len(texts))
    right, wrong, other, far = (np.zeros(shape, dtype=np.float32) for _ in range(4))
    rows = np.stack([base[t] for t in texts])
    near = np.stack([base[c.text] for c in claims]) @ rows.T
    for i, claim in enumerate(claims):
        right[i, [place[t] for t in claim.right]] = 1
        wrong[i, [place[t] for t in (*claim.wrong, *backs[i])]] = 1
        for them, back in zip(claims, backs, strict=True):
            if them.family != claim.family:
                other[i, [place[t] for t in (*them.texts, *back)]] = 1
                if them.question != claim.question:
                    far[i, [place[t] for t in (*them.texts, *back)]] = 1
    other *= near < _SAME_IDEA
    return Batch(texts, [place[c.text] for c in claims], right, wrong, other, far)


def loss_of(vectors: Any, batch: Batch, base: dict[str, Vectors], settings: Settings) -> Any:
    """Ranking over the batch, both ways; right over wrong by a margin; far pairs stay as they were."""
    import torch

    right, wrong, other, far = (
        torch.from_numpy(m) for m in (batch.right, batch.wrong, batch.other, batch.far)
    )
    cosines = vectors[batch.anchors] @ vectors.T
    scaled = (cosines / settings.temperature).exp()
    against = (scaled * (other + wrong)).sum(1, keepdim=True)
    ranking = -((scaled / (scaled + against)).log() * right).sum() / right.sum()
    # The other way: a right text among the claims of the batch.
    elsewhere = (scaled * other).sum(0, keepdim=True)
    choosing = -((scaled / (scaled + elsewhere)).log() * right).sum() / right.sum()
    gap = cosines.unsqueeze(1) - cosines.unsqueeze(2) + settings.margin  # wrong less right
    pairs = right.unsqueeze(2) * wrong.unsqueeze(1)
    margin = (torch.nn.functional.softplus(gap / 0.1) * pairs).sum() / pairs.sum()
    rows = torch.from_numpy(np.stack([base[t] for t in batch.texts]))
    kept = (((cosines - rows[batch.anchors] @ rows.T) ** 2) * far).sum() / far.sum().clamp(min=1)
    return ranking + 0.5 * choosing + settings.margin_weight * margin + settings.keep_weight * kept


def tune(model: Model, train: Sequence[Claim], check: Sequence[Claim], settings: Settings) -> None:
    """Tune in place, logging the figures of `check` after each epoch."""
    import torch

    torch.manual_seed(settings.seed)
    backs = [b for c in train for t in c.right if settings.turned and (b := turned_round(t))]
    base = model.freeze(settings.frozen_layers, [*(t for c in train for t in c.texts), *backs])
    start = {name: value.clone() for name, value in model.net.state_dict().items()}
    weights = [p for p in model.net.parameters() if p.requires_grad]
    optimiser = torch.optim.AdamW(weights, lr=settings.rate, weight_decay=0.01)
    steps = settings.epochs * len(batches(train, settings, 0))
    pace = torch.optim.lr_scheduler.LambdaLR(optimiser, partial(pace_of, steps))
    for epoch in range(settings.epochs):
        model.net.train()
        began, losses = time.monotonic(), []
        for claims in batches(train, settings, epoch):
            batch = prepare(claims, base, turned=bool(settings.turned))
            loss = loss_of(model.train(batch.texts), batch, base, settings)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(weights, 1.0)
            optimiser.step()
            pace.step()
            optimiser.zero_grad()
            losses.append(loss.item())
            log.debug("%d texts, loss %.3f", len(batch.texts), losses[-1])
        log.info("epoch %d: loss %.3f, %.0f s", epoch, np.mean(losses), time.monotonic() - began)
        if check:
            log.info("%s", _short(measure(model.vectors, check)))
    _blend(model, start, settings.blend)


def _blend(model: Model, start: dict[str, Any], share: float) -> None:
    tuned = model.net.state_dict()
    model.net.load_state_dict({n: start[n] + share * (tuned[n] - start[n]) for n in tuned})


def _short(figures: dict[str, float]) -> str:
    return " ".join(f"{n}={v:.3f}" for n, v in figures.items() if not n.startswith("n_"))


def hold_out(args: argparse.Namespace, fold: int) -> dict[str, Any]:
    """Tune on everything but a fold (and near copies of it); return the fold's figures."""
    settings = Settings(**{name: getattr(args, name) for name in Settings._fields})
    claims = read_claims(args.content, OWN)
    folds = topic_folds(claims)
    away = {fold, TEST_FOLD} if args.develop else {fold}
    labelled = labelled_points()
    check = [c for c in claims if folds.get(c.topic) == fold]
    unseen = [c for c in claims if folds.get(c.topic) in away or c.family in labelled]
    train = [c for c in claims if folds.get(c.topic) not in away and c.family not in labelled]
    model = Model(args.base, args.threads)
    kept = without_copies(train, unseen, model.vectors)
    dropped = len(train) - len(kept)
    kept += read_general(args.general)
    topics = sorted({c.topic for c in check})
    log.info(
        "fold %d: %d claims, %d copies dropped; held out: %s", fold, len(kept), dropped, topics
    )
    before = measure(model.vectors, check)
    log.info("before: %s", _short(before))
    tune(model, kept, check if args.develop else [], settings)
    found: dict[str, Any] = {
        "topics": topics,
        "trained_on": len(kept),
        "copies_dropped": dropped,
        "before": before,
    }
    found["after"] = measure(model.vectors, check)
    log.info("after: %s", _short(found["after"]))
    if args.save:
        args.save.mkdir(parents=True, exist_ok=True)
        export(model.net, args.save / f"fold_{fold}.onnx")
    return found


def hold_out_wordings(args: argparse.Namespace) -> dict[str, Any]:
    """Tune on one wording of each kind per key point; return the figures of the others."""
    settings = Settings(**{name: getattr(args, name) for name in Settings._fields})
    claims = read_claims(args.content, OWN)
    check = one_wording_each(claims, held_out=True)
    model = Model(args.base, args.threads)
    before = measure(model.vectors, check)
    tune(model, one_wording_each(claims, held_out=False), [], settings)
    return {"before": before, "after": measure(model.vectors, check)}


def hold_out_folds(args: argparse.Namespace) -> dict[str, Any]:
    """Hold out each of the folds in turn; return their figures, pooled and one by one."""
    folds = {fold: hold_out(args, fold) for fold in args.folds}
    settings = {name: getattr(args, name) for name in Settings._fields}
    parts = list(folds.values())
    return {
        "settings": settings,
        "before": pooled(parts, "before"),
        "after": pooled(parts, "after"),
        "folds": folds,
    }


def pooled(folds: Sequence[dict[str, Any]], when: str) -> dict[str, float]:
    """Return each figure over the pairs of all folds."""
    counts = Counter[str]()
    rights = Counter[str]()
    for figures in (fold[when] for fold in folds):
        for name, share in figures.items():
            if not name.startswith("n_"):
                counts[name] += figures[f"n_{name}"]
                rights[name] += share * figures[f"n_{name}"]
    return {name: round(rights[name] / counts[name], 3) for name in counts} | {
        f"n_{name}": count for name, count in counts.items()
    }


def main() -> None:
    """Hold out folds in turn; the model tuned without fold 0 is the one that ships."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("base", type=Path, help="folder of the fp32 model and its tokenizer")
    parser.add_argument("--content", type=Path, default=content_root())
    parser.add_argument("--folds", type=int, nargs="+", default=list(range(FOLDS)))
    parser.add_argument("--develop", action="store_true", help="never train on fold 0; log epochs")
    parser.add_argument("--wordings", action="store_true", help="hold out wordings, not topics")
    parser.add_argument("--general", type=Path, nargs="*", default=[], help="entailment pairs")
    parser.add_argument("--save", type=Path, help="folder for the models, fold_0.onnx ships")
    parser.add_argument("--results", type=Path)
    parser.add_argument("--threads", type=int, default=2)
    for name, value in Settings()._asdict().items():
        parser.add_argument(f"--{name.replace('_', '-')}", type=type(value), default=value)
    args = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    results = hold_out_wordings(args) if args.wordings else hold_out_folds(args)
    log.info("after: %s", _short(results["after"]))
    if args.results:
        args.results.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
