"""Average the weights of trained cross-encoders: `python -m evals.mean_entailment ONE TWO --save DIR`.

Runs that started from the same weights lie close enough that their mean is a model too, and often a
better one (Wortsman et al. 2022, "Model soups"). Needs requirements-tune.in; prints held-out figures.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from evals.entailment_pairs import pairs_of
from evals.export_embedding import export_pairs
from evals.tune_entailment import measure
from evals.tuning_data import read_claims, split_claims
from evals.tuning_figures import OWN
from evals.tuning_model import PairModel
from evals.ways import CACHE
from interviewer.content import content_root
from interviewer.embedding import get_embedder


def mean_of(models: Sequence[PairModel]) -> PairModel:
    """Return the first model, with the mean of the weights of all."""
    first = models[0]
    first.net.load_state_dict(_mean([m.net.state_dict() for m in models]))
    first.head.load_state_dict(_mean([m.head.state_dict() for m in models]))
    return first


def _mean(states: Sequence[dict[str, Any]]) -> dict[str, Any]:
    return {
        name: sum(state[name] for state in states) / len(states)
        if weight.is_floating_point()
        else weight
        for name, weight in states[0].items()
    }


def main() -> None:
    """Average, measure on what was held out from both, export."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", type=Path, nargs="+", help="what tune_entailment saved")
    parser.add_argument("--save", type=Path, required=True, help="folder for model.onnx")
    args = parser.parse_args()
    model = mean_of([PairModel(folder, threads=2) for folder in args.folders])
    args.save.mkdir(parents=True, exist_ok=True)
    model.save(args.save)
    export_pairs(model, args.save / "model.onnx")
    claims = read_claims(content_root(), OWN)
    _, unseen = split_claims(claims, get_embedder(CACHE).vectors, but_tuned=True)
    points = [c for c in unseen if c.kind == "point"]
    print(len(points), measure(model, list(pairs_of(points, random.Random(1), plain=True))))


if __name__ == "__main__":
    main()
