"""The grader's report card: `interviewer eval grader [--model PROVIDER:MODEL]`.

Grades every labelled answer in every way, beside the second rater and the baselines, and writes
figures, a table and plots to evals/results. The card of the offline grader is also what the page
shows under "How good is this grader?".
"""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from evals.answers import Answer, Result, interview_answers, saf_answers, second_labels
from evals.figures import Graded, figures, intervals
from evals.report_table import table
from evals.ways import (
    Way,
    bank_way,
    baselines,
    offline_ways,
    points_way,
    reference_way,
    second_rater,
)
from interviewer.errors import ConfigError
from interviewer.grading.offline_rows import VERSION
from interviewer.report import grader_card

RESULTS = Path(__file__).parent / "results"
SPEED = RESULTS / "speed.json"  # measured by itself, on a machine as quiet as it gets
_REPEATED = 40
_SETS = {
    "interview": "Our labelled interview answers, test part: questions that no weight, threshold or "
    "embedding was fitted on. Labels: the author's.",
    "saf": "SAF: answers of students of communication networks, scored by people; a reference answer, "
    "no key points. Two annotators agree at Krippendorff's alpha 0.91, each within RMSE 0.10 of the score "
    "(published with the set). The word alignment, one of the signals, was fitted on answers of this set; "
    "`python -m evals.nested_saf` says what is left with each question left out.",
}


def offline_card() -> dict[str, Any]:
    """Grade everything offline and return the card."""
    ways = offline_ways()
    answers = {"interview": interview_answers("test"), "saf": saf_answers()}
    rater: dict[str, Way] = {"second rater": second_rater} if second_labels() else {}
    asked: dict[str, dict[str, Way]] = {
        "interview": {**rater, **ways, **baselines()},
        "saf": {n: w for n, w in {**ways, **baselines()}.items() if n not in _NEED_POINTS},
    }
    return {
        "grader": f"offline:{VERSION}",
        "made": datetime.now(UTC).date().isoformat(),
        "sets": {name: _set(name, answers[name], asked[name]) for name in asked},
        "repeat_difference": repeat_difference(answers["interview"][:_REPEATED]),
        "speed": speed(json.loads(SPEED.read_text(encoding="utf-8"))),
    }


def speed(measured: Mapping[str, Mapping[str, float]]) -> str:
    """Return in words what `python -m evals.speed` measured of the offline grader."""
    reading, rows = measured["reading"], measured["rows"]
    most = max(reading["peak_mib"], rows["peak_mib"])
    return (
        f"an answer of 120 to 180 words takes {reading['p50_seconds']:.2f} s at the median and "
        f"{reading['p95_seconds']:.2f} s at p95 once its question is got ready "
        f"({reading['getting_ready_p95_seconds']:.2f} s); {rows['rows_a_second']:.1f} rows a second with "
        f"plain key points; {most:.0f} MiB at most, on 2 shared cores"
    )


_NEED_POINTS = {"bank", "points", "always met"}


def model_card(name: str) -> dict[str, Any]:
    """Grade the interview answers with a model and return the card."""
    from interviewer.config import load_settings
    from interviewer.grading.model_rows import ModelRowGrader
    from interviewer.grading.rubric_grader import RubricGrader
    from interviewer.llm import get_model

    settings = load_settings().model_copy(update={"model": name})
    model = get_model(settings)
    if model is None:
        raise ConfigError("--model", f"{name!r} names no model; give provider:model")
    rows = ModelRowGrader(model, settings.grade_timeout_seconds)
    bank = bank_way(RubricGrader(model, settings.grade_timeout_seconds).grade)
    ways = {"bank": bank, "points": points_way(rows), "reference": reference_way(rows)}
    return {
        "grader": f"{rows.stamp.name}:{rows.stamp.model}:{rows.stamp.prompt_hash}",
        "made": datetime.now(UTC).date().isoformat(),
        "sets": {"interview": _set("interview", interview_answers("test"), ways)},
    }


def _set(name: str, answers: Sequence[Answer], ways: Mapping[str, Way]) -> dict[str, Any]:
    # What a grader that refuses would be given: the mean of answers that it may learn from.
    known = interview_answers("dev") if name == "interview" else answers
    mean = float(np.mean([a.level for a in known]))
    found: dict[str, Any] = {"what": _SETS[name], "ways": {}}
    for way, grade in ways.items():
        graded = Graded(answers, [grade(a) for a in answers], mean)
        found["ways"][way] = figures(graded) | {
            "intervals": intervals(graded),
            "rounds": by_round(graded) if name == "interview" else {},
        }
        print(f"{name:10} {way:14} r={found['ways'][way]['pearson']}", flush=True)
    return found


def by_round(graded: Graded) -> dict[str, Any]:
    """Return the same figures for each round of the bank."""
    rounds: dict[str, list[int]] = {}
    for place, answer in enumerate(graded.answers):
        if answer.question:
            rounds.setdefault(answer.question.round, []).append(place)
    return {
        name: figures(
            Graded(
                [graded.answers[i] for i in places],
                [graded.results[i] for i in places],
                graded.training_mean,
            )
        )
        for name, places in rounds.items()
    }


def repeat_difference(answers: Sequence[Answer]) -> float:
    """Return the largest change of a score when the same answers are graded again, in turned order."""
    first = [_scores(offline_ways(), a) for a in answers]
    again = offline_ways()
    second = [_scores(again, a) for a in reversed(answers)][::-1]
    pairs = [(x, y) for a, b in zip(first, second, strict=True) for x, y in zip(a, b, strict=True)]
    return max(abs((x or 0.0) - (y or 0.0)) for x, y in pairs)


def _scores(ways: Mapping[str, Way], answer: Answer) -> list[float | None]:
    results: list[Result] = [way(answer) for way in ways.values()]
    return [r.score for r in results]


def main() -> None:
    """Make the card and write it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", help="provider:model; the offline grader without")
    args = parser.parse_args()
    card = model_card(args.model) if args.model else offline_card()
    name = re.sub(r"\W+", "_", args.model or "offline")
    target = RESULTS / f"grader_{name}.json"
    target.write_text(json.dumps(card, indent=1) + "\n", encoding="utf-8")
    target.with_suffix(".md").write_text(table(card), encoding="utf-8")
    if not args.model:
        from evals.report_plots import draw

        draw(card, RESULTS)
        summary = grader_card.summary(card).model_dump_json(indent=1)
        grader_card.PATH.write_text(summary + "\n", encoding="utf-8")
    print(table(card))


if __name__ == "__main__":
    main()
