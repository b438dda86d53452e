"""What content needs beyond its schema: references that resolve, counts as promised, no gaps.

Pure over nouns; the counts are also what a template is made from. Must not know files.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from interviewer.schema import Activity, Question, Rubric, StudyPath, Topic

MOST_KEY_POINTS = 7
LEAST_SHOWN = 2
_STAGE_POINTS = 3
# A value in angle brackets with a blank in it: `<one plain sentence>`, but not a token as `<eos>`.
_PLACEHOLDER = re.compile(r"<[^<>]*\s[^<>]*>")


def least_counts(rubric: Rubric) -> dict[str, int]:
    """Return how many of each part a question of this round needs at least."""
    staged = len(rubric.stages)
    return {
        "key_points": _STAGE_POINTS * staged or 4,
        "misconceptions": 1,
        "hints": 0 if staged else 2,
        "facts": 8 if rubric.reveals_facts else 0,
        "stages": staged,
        "staff": int(staged > 0),
        "twists": 2 if rubric.throws_twists else 0,
        "diagnosis": int(rubric.reveals_facts and not staged),
    }


def inconsistencies(
    question: Question, rubrics: Mapping[str, Rubric], topics: Mapping[str, Topic]
) -> Iterator[tuple[str, str]]:
    """Yield (key, problem) for each dangling reference, count that is off, and placeholder left."""
    rubric = rubrics.get(question.round)
    if rubric is None:
        yield (
            question.id,
            f"round {question.round!r} has no rubrics/{question.round}.yaml; add it, or move the "
            f"question to one of: {', '.join(sorted(rubrics))}",
        )
        return
    if question.topic not in topics:
        yield (
            f"{question.id}.topic",
            f"{question.topic!r} is not in topics.yaml; add it or correct it",
        )
    for place in placeholders(question.model_dump()):
        yield f"{question.id}.{place}", "still holds the template's placeholder; write it"
    yield from _check_references(question, rubric)
    yield from _check_counts(question, rubric)


def path_inconsistencies(
    path: StudyPath, topics: Mapping[str, Topic], questions: Mapping[str, Question]
) -> Iterator[tuple[str, str]]:
    """Yield (key, problem) for each name that dangles and each topic that no week practises."""
    rounds = {topic.round for topic in topics.values()}
    named = [
        *((f"effort[{number}]", effort.rounds) for number, effort in enumerate(path.effort)),
        *((f"loop[{number}]", step.rounds) for number, step in enumerate(path.loop)),
        ("simulation", path.simulation.rounds),
    ]
    for key, round_ids in named:
        yield from _unknown(f"{key}.rounds", "round", round_ids, rounds)
    for number, step in enumerate(path.loop):
        yield from _unknown(f"loop[{number}].topics", "topic", step.topics, set(topics))
    for week in path.weeks:
        for number, activity in enumerate(week.activities):
            key = f"weeks[{week.number}].activities[{number}]"
            yield from _check_activity(key, activity, rounds, topics, questions)
    practised = {t for week in path.weeks for a in week.activities for t in a.topics}
    if left := [topic_id for topic_id in topics if topic_id not in practised]:
        yield "weeks", f"no week practises {', '.join(left)}; name each in an activity's topics"


def _check_activity(
    key: str,
    activity: Activity,
    rounds: set[str],
    topics: Mapping[str, Topic],
    questions: Mapping[str, Question],
) -> Iterator[tuple[str, str]]:
    yield from _unknown(f"{key}.rounds", "round", activity.rounds, rounds)
    within = {t.id for t in topics.values() if t.round in activity.rounds}
    yield from _unknown(f"{key}.topics", "topic of its rounds", activity.topics, within)
    asked = {q.id for q in questions.values() if q.round in activity.rounds}
    yield from _unknown(f"{key}.questions", "question of its rounds", activity.questions, asked)


def _unknown(
    key: str, kind: str, names: tuple[str, ...], known: set[str]
) -> Iterator[tuple[str, str]]:
    for name in names:
        if name not in known:
            yield key, f"{name!r} is no {kind}; correct it or remove it"


def placeholders(raw: Any, place: str = "") -> Iterator[str]:
    """Yield where a placeholder is left in parsed content: `key_points[0].probe`."""
    if isinstance(raw, str) and _PLACEHOLDER.fullmatch(raw.strip()):
        yield place
    elif isinstance(raw, dict):
        for key, value in raw.items():
            yield from placeholders(value, f"{place}.{key}".lstrip("."))
    elif isinstance(raw, list | tuple):
        for number, value in enumerate(raw):
            yield from placeholders(value, f"{place}[{number}]")


def _check_references(question: Question, rubric: Rubric) -> Iterator[tuple[str, str]]:
    known: dict[str, set[str]] = {
        "criterion": {c.id for c in rubric.criteria},
        "stage": {s.id for s in rubric.stages},
        "signal": {s.id for s in rubric.signals},
        "key_point": {p.id for p in question.key_points},
        "fact": {f.id for f in question.facts},
    }

    def dangling(key: str, kind: str, value: str | None) -> Iterator[tuple[str, str]]:
        if value is not None and value not in known[kind]:
            choice = ", ".join(sorted(known[kind])) or "none here"
            yield f"{question.id}.{key}", f"{value!r} is no {kind}; use one of: {choice}"

    for point in question.key_points:
        here = f"key_points[{point.id}]"
        yield from dangling(f"{here}.criterion", "criterion", point.criterion)
        yield from dangling(f"{here}.stage", "stage", point.stage)
        yield from dangling(f"{here}.signal", "signal", point.signal)
        if rubric.stages and point.stage is None:
            yield f"{question.id}.{here}.stage", "is missing; this round has stages"
    for misconception in question.misconceptions:
        yield from dangling(
            f"misconceptions[{misconception.id}].key_point", "key_point", misconception.key_point
        )
    for fact in question.facts:
        yield from dangling(f"facts[{fact.id}].stage", "stage", fact.stage)
        yield from dangling(f"facts[{fact.id}].credits", "key_point", fact.credits)
    for twist in question.twists:
        yield from dangling(f"twists[{twist.id}].stage", "stage", twist.stage)
    for rival in question.diagnosis.rivals if question.diagnosis else ():
        yield from dangling("diagnosis.rivals.ruled_out_by", "fact", rival.ruled_out_by)


def _check_counts(question: Question, rubric: Rubric) -> Iterator[tuple[str, str]]:
    for name in ("key_points", "misconceptions", "facts", "twists"):
        repeated = [k for k, n in Counter(x.id for x in getattr(question, name)).items() if n > 1]
        for item in repeated:
            yield (
                f"{question.id}.{name}[{item}]",
                "this id is used twice in the question; rename one",
            )
    least = least_counts(rubric)
    for name in ("misconceptions", "hints", "facts", "twists"):
        if (count := len(getattr(question, name))) < least[name]:
            yield f"{question.id}.{name}", f"has {count}; needs at least {least[name]}"
    if least["stages"]:
        yield from _check_stages(question, rubric)
    elif not least["key_points"] <= (count := len(question.key_points)) <= MOST_KEY_POINTS:
        wanted = f"{least['key_points']} to {MOST_KEY_POINTS}"
        yield f"{question.id}.key_points", f"has {count}; needs {wanted}"
    if least["diagnosis"]:
        yield from _check_case(question)


def _check_stages(question: Question, rubric: Rubric) -> Iterator[tuple[str, str]]:
    wanted = [stage.id for stage in rubric.stages]
    if [brief.id for brief in question.stages] != wanted:
        yield f"{question.id}.stages", f"must be {', '.join(wanted)}, in this order"
    for stage in wanted:
        if len(question.points_of(stage)) < _STAGE_POINTS:
            yield (
                f"{question.id}.key_points",
                f"stage {stage} needs at least {_STAGE_POINTS} key points",
            )
    if question.staff is None:  # the report shows it beside the better answer
        yield (
            f"{question.id}.staff",
            "is missing; write what a staff engineer adds here to what a senior one says",
        )


def _check_case(question: Question) -> Iterator[tuple[str, str]]:
    shown = sum(1 for fact in question.facts if fact.table or fact.series)
    if shown < LEAST_SHOWN:
        yield (
            f"{question.id}.facts",
            f"{shown} with a table or series; needs at least {LEAST_SHOWN}",
        )
    if question.diagnosis is None:
        yield f"{question.id}.diagnosis", "is missing; a debugging scenario needs one"
