"""Train a small cross-encoder to say whether a text makes a claim or denies it:
`python -m evals.tune_entailment FOLDER --save DIR`.

Needs requirements-tune.in (torch), which the product never does. Starts from all-MiniLM-L6-v2 and
reads claim and text together. No labelled answer's question and no topic of fold 0 is trained on.
"""

from __future__ import annotations

import argparse
import json
import logging
import random
import time
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from evals.answers import DATASETS, development_answers
from evals.entailment_pairs import (
    DENIED,
    SAID,
    UNSAID,
    Pair,
    answer_pairs,
    pairs_of,
    passage_pairs,
    read_entailment,
    read_passages,
)
from evals.export_embedding import export_pairs
from evals.tuning_data import read_claims, split_claims
from evals.tuning_figures import OWN
from evals.tuning_model import PairModel, pace_of
from evals.ways import CACHE
from interviewer.content import content_root
from interviewer.embedding import get_models
from interviewer.grading.passages import PassageReader

log = logging.getLogger("tune_entailment")
Rows = npt.NDArray[np.float32]
_SMOOTHING = 0.05  # some wordings are mislabelled; nothing is certain


class Settings(NamedTuple):
    """What a run is made of; the defaults are the shipped run's."""

    epochs: int = 4
    general_epochs: int = 2
    rate: float = 1e-4
    head_rate: float = 1e-3
    batch: int = 32
    frozen_layers: int = 1
    most_pairs: int = 20_000  # of claims, in an epoch
    seed: int = 7


def batches(pairs: Sequence[Pair], size: int, chance: random.Random) -> Iterator[list[Pair]]:
    """Yield batches of pairs of like length, in random order."""
    drawn = list(pairs)
    chance.shuffle(drawn)
    made: list[list[Pair]] = []
    for at in range(0, len(drawn), size * 30):
        some = sorted(drawn[at : at + size * 30], key=lambda p: len(p.text) + len(p.claim))
        made += [some[i : i + size] for i in range(0, len(some), size)]
    chance.shuffle(made)
    yield from made


def train(
    model: PairModel,
    epochs: Sequence[Sequence[Pair]],
    check: Sequence[Pair],
    settings: Settings,
) -> None:
    """Train in place, one list of pairs an epoch; log the figures of `check` after each."""
    import torch

    torch.manual_seed(settings.seed)
    chance = random.Random(settings.seed)
    body, head = model.parameters(settings.frozen_layers)
    groups = [
        {"params": body, "lr": settings.rate},
        {"params": head, "lr": settings.head_rate},
    ]
    optimiser = torch.optim.AdamW(groups, weight_decay=0.01)
    steps = sum(-(-len(pairs) // settings.batch) for pairs in epochs)
    pace = torch.optim.lr_scheduler.LambdaLR(optimiser, partial(pace_of, steps))
    for number, pairs in enumerate(epochs):
        began, losses = time.monotonic(), []
        model.train_mode()
        for some in batches(pairs, settings.batch, chance):
            logits = model.logits([p.claim for p in some], [p.text for p in some])
            labels = torch.tensor([p.label for p in some])
            loss = torch.nn.functional.cross_entropy(logits, labels, label_smoothing=_SMOOTHING)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(body, 1.0)
            optimiser.step()
            pace.step()
            optimiser.zero_grad()
            losses.append(loss.item())
            if len(losses) % 100 == 0:
                seconds = time.monotonic() - began
                log.info("%d: loss %.3f, %.0f s", len(losses), np.mean(losses[-100:]), seconds)
        log.info("epoch %d: %d pairs, loss %.3f", number, len(pairs), np.mean(losses))
        log.info("%s", measure(model, check))


def measure(model: PairModel, pairs: Sequence[Pair]) -> dict[str, float]:
    """Return the share of pairs ordered rightly per claim (chance 0.5), and their numbers."""
    rows = model.probabilities([p.claim for p in pairs], [p.text for p in pairs])
    found: dict[str, dict[int, list[Rows]]] = {}
    for pair, row in zip(pairs, rows, strict=True):
        found.setdefault(pair.claim, {SAID: [], DENIED: [], UNSAID: []})[pair.label].append(row)
    groups = list(found.values())

    def share(better: int, worse: int, column: int) -> tuple[float, int]:
        over = [b[column] > w[column] for g in groups for b in g[better] for w in g[worse]]
        return round(float(np.mean(over)), 3), len(over)

    leaning = [
        r[SAID] - r[DENIED] > w[SAID] - w[DENIED]
        for g in groups
        for r in g[SAID]
        for w in g[DENIED]
    ]
    right_over_neutral, n_neutral = share(SAID, UNSAID, SAID)
    wrong_over_neutral, _ = share(DENIED, UNSAID, DENIED)
    denied = rows[:, DENIED] > 0.5
    labels = np.asarray([p.label for p in pairs])
    return {
        "right_over_wrong": round(float(np.mean(leaning)), 3),
        "right_over_neutral": right_over_neutral,
        "wrong_over_neutral": wrong_over_neutral,
        "denied_precision": round(float((labels[denied] == DENIED).mean()), 3),
        "denied_recall": round(float(denied[labels == DENIED].mean()), 3),
        "n_right_over_wrong": len(leaning),
        "n_right_over_neutral": n_neutral,
    }


def _drawn(pairs: Sequence[Pair], most: int, chance: random.Random) -> list[Pair]:
    return chance.sample(pairs, min(most, len(pairs)))


def main() -> None:
    """Train on what may be trained on, measure on what was held out, export."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("base", type=Path, help="folder of the fp32 model and its tokenizer")
    parser.add_argument("--content", type=Path, default=content_root())
    parser.add_argument("--answers", action="store_true", help="also windows of labelled answers")
    parser.add_argument("--passages", action="store_true", help="also authored passages")
    parser.add_argument("--general", type=Path, nargs="*", default=[], help="entailment pairs")
    parser.add_argument("--save", type=Path, required=True, help="folder for model.onnx")
    parser.add_argument("--threads", type=int, default=2)
    for name, value in Settings()._asdict().items():
        parser.add_argument(f"--{name.replace('_', '-')}", type=type(value), default=value)
    args = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    settings = Settings(**{name: getattr(args, name) for name in Settings._fields})
    model = PairModel(args.base, args.threads)
    models = get_models(CACHE)
    claims = read_claims(args.content, OWN)
    known, unseen = split_claims(claims, models.general.vectors, but_tuned=args.answers)
    chance = random.Random(settings.seed)
    general = read_entailment(args.general, chance)
    answered: list[Pair] = []
    if args.answers:
        answered = list(answer_pairs(development_answers("tune"), PassageReader(models)))
    passages = read_passages(DATASETS / "passages") if args.passages else []
    epochs = [
        [
            *_drawn(list(pairs_of(known, chance)), settings.most_pairs, chance),
            *answered,
            *passage_pairs(passages, known, chance),
            *(general if n < settings.general_epochs else ()),
        ]
        for n in range(settings.epochs)
    ]
    points = [c for c in unseen if c.kind == "point"]
    check = list(pairs_of(points, random.Random(1), plain=True))
    log.info(
        "%d claims, %d held out, %d general pairs, %d of answers, %d passages",
        *(len(known), len(points), len(general), len(answered), len(passages)),
    )
    train(model, epochs, check, settings)
    args.save.mkdir(parents=True, exist_ok=True)
    model.save(args.save)
    export_pairs(model, args.save / "model.onnx")
    figures = {"trained_on": len(known), "held_out": len(points), **measure(model, check)}
    (args.save / "figures.json").write_text(json.dumps(figures, indent=1) + "\n")
    log.info("%s", figures)


if __name__ == "__main__":
    main()
