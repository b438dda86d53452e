"""YAML -> Rubric, Question, Topic: the only reader of `question_bank/` and `rubrics/`.

Invariant: a loaded bank is consistent (ids unique, references resolve, counts as promised). Every
problem is collected with its file, key and remedy. Must not know embeddings, graders or sessions.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import yaml
from pydantic import TypeAdapter, ValidationError

from interviewer.errors import ContentError
from interviewer.schema import Question, Reply, Rubric, Topic

T = TypeVar("T")
N = TypeVar("N", Topic, Question)

_PACKAGED = Path(__file__).parent / "data"
_CHECKOUT = Path(__file__).parent.parent


class Bank(NamedTuple):
    """All content, checked. Questions keep file order within a round."""

    rubrics: dict[str, Rubric]
    topics: dict[str, Topic]
    questions: dict[str, Question]
    replies: tuple[Reply, ...]

    def of_round(self, round_id: str) -> list[Question]:
        """Return the questions of one round."""
        return [q for q in self.questions.values() if q.round == round_id]


def content_root() -> Path:
    """Return the folder that holds `question_bank/` and `rubrics/`: installed, or the checkout."""
    return _PACKAGED if _PACKAGED.is_dir() else _CHECKOUT


@cache
def load_bank(root: Path | None = None) -> Bank:
    """Read and check all content. Raise ContentError for the first problem found."""
    bank, problems = read_bank(root or content_root())
    if problems:
        raise problems[0]
    return bank


def read_bank(root: Path) -> tuple[Bank, list[ContentError]]:
    """Read all content below `root`; return what could be read and every problem found."""
    problems: list[ContentError] = []
    rubrics = {r.round: r for _, r in _each(root, "rubrics/*.yaml", _rubric, problems)}
    folder = root / "question_bank"
    topics = _unique(
        (
            (folder / "topics.yaml", t)
            for t in _list(folder / "topics.yaml", "topics", Topic, problems)
        ),
        problems,
    )
    replies = _list(folder / "closing.yaml", "replies", Reply, problems)
    found = [
        (path, question)
        for path, questions in _each(root, "question_bank/*/*.yaml", _questions, problems)
        for question in questions
    ]
    for path, question in found:
        problems += [ContentError(path, k, p) for k, p in _cross_check(question, rubrics, topics)]
    questions = _unique(found, problems)
    return Bank(rubrics, topics, questions, tuple(replies)), problems


def content_hash(*nouns: Any) -> str:
    """Return a short stable hash of nouns, for snapshots and stamps."""
    text = "\n".join(noun.model_dump_json() for noun in nouns)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _each(
    root: Path, pattern: str, read: Callable[[Path], T], problems: list[ContentError]
) -> Iterator[tuple[Path, T]]:
    for path in sorted(root.glob(pattern)):
        try:
            yield path, read(path)
        except ContentError as error:
            problems.append(error)


def _list(path: Path, key: str, noun: type[T], problems: list[ContentError]) -> list[T]:
    try:
        found: list[T] = _validate(path, _mapping(path, {key})[key], list[noun])  # type: ignore[valid-type]
        return found
    except ContentError as error:
        problems.append(error)
        return []


def _rubric(path: Path) -> Rubric:
    raw = _yaml(path)
    rubric: Rubric = _validate(path, raw, Rubric)
    if rubric.round != path.stem:
        raise ContentError(
            path, "round", f"is {rubric.round!r}; make it {path.stem!r}, the file's name"
        )
    return rubric


def _questions(path: Path) -> list[Question]:
    raw = _mapping(path, {"topic", "questions"})
    if not isinstance(raw["questions"], list):
        raise ContentError(path, "questions", "must be a list of questions")
    place = {"round": path.parent.name, "topic": raw["topic"]}
    items = [{**item, **place} if isinstance(item, dict) else item for item in raw["questions"]]
    found: list[Question] = _validate(path, items, list[Question])
    return found


def _mapping(path: Path, keys: set[str]) -> dict[str, Any]:
    raw = _yaml(path)
    if not isinstance(raw, dict) or set(raw) != keys:
        raise ContentError(path, "(top)", f"needs exactly the keys {', '.join(sorted(keys))}")
    return raw


def _yaml(path: Path) -> Any:
    try:
        return yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ContentError(path, "(file)", "is missing; restore it or reinstall") from None
    except UnicodeDecodeError as error:
        raise ContentError(path, "(file)", f"is not UTF-8 text: {error.reason}") from None
    except yaml.YAMLError as error:
        raise ContentError(path, "(file)", f"is not valid YAML: {error}") from None


def _validate(path: Path, raw: Any, kind: Any) -> Any:
    try:
        return TypeAdapter(kind).validate_python(raw)
    except ValidationError as error:
        first = error.errors()[0]
        key = _readable(raw, first["loc"])
        more = f" ({error.error_count() - 1} more)" if error.error_count() > 1 else ""
        raise ContentError(path, key, _remedy(first) + more) from None


def _readable(raw: Any, location: tuple[int | str, ...]) -> str:
    """Name list items by their id where they have one: `lasso.key_points[sparsity].claim`."""
    parts: list[str] = []
    for step in location:
        raw = _item(raw, step)
        name = raw.get("id") if isinstance(raw, dict) and isinstance(step, int) else None
        parts.append(f"[{name or step}]" if isinstance(step, int) else str(step))
    return ".".join(parts).replace(".[", "[") or "(top)"


def _item(raw: Any, step: int | str) -> Any:
    if isinstance(raw, dict):
        return raw.get(step)
    if isinstance(raw, list) and isinstance(step, int) and step < len(raw):
        return raw[step]
    return None


def _remedy(error: Any) -> str:
    if error["type"] == "extra_forbidden":
        return "unknown key; remove it or correct its spelling"
    if error["type"] == "missing":
        return "is missing; add it"
    return f"{error['msg']} (got {str(error['input'])[:60]!r})"


def _unique(found: Iterable[tuple[Path, N]], problems: list[ContentError]) -> dict[str, N]:
    kept: dict[str, N] = {}
    for path, noun in found:
        if noun.id in kept:
            problems.append(ContentError(path, noun.id, "this id is used twice; rename one"))
        kept[noun.id] = noun
    return kept


def _cross_check(
    question: Question, rubrics: dict[str, Rubric], topics: dict[str, Topic]
) -> Iterator[tuple[str, str]]:
    """Yield (key, problem) for each reference that dangles and each count that is off."""
    rubric = rubrics.get(question.round)
    if rubric is None:
        yield question.id, f"round {question.round!r} has no rubrics/{question.round}.yaml; add it"
        return
    if question.topic not in topics:
        yield (
            f"{question.id}.topic",
            f"{question.topic!r} is not in topics.yaml; add it or correct it",
        )
    yield from _check_references(question, rubric)
    yield from _check_counts(question, rubric)


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
    if not question.misconceptions:
        yield f"{question.id}.misconceptions", "needs at least one"
    if rubric.stages:
        yield from _check_stages(question, rubric)
    else:
        if not 4 <= len(question.key_points) <= 7:
            yield f"{question.id}.key_points", f"has {len(question.key_points)}; needs 4 to 7"
        if len(question.hints) < 2:
            yield f"{question.id}.hints", "needs at least two, from gentle to strong"
    least_facts = 8 if rubric.reveals_facts else 0
    if len(question.facts) < least_facts:
        yield f"{question.id}.facts", f"has {len(question.facts)}; needs at least {least_facts}"
    if rubric.throws_twists and len(question.twists) < 2:
        yield f"{question.id}.twists", "needs at least two"
    if rubric.reveals_facts and not rubric.stages:
        shown = sum(1 for f in question.facts if f.table or f.series)
        if shown < 2:
            yield f"{question.id}.facts", f"{shown} with a table or series; needs at least two"
        if question.diagnosis is None:
            yield f"{question.id}.diagnosis", "is missing; a debugging scenario needs one"


def _check_stages(question: Question, rubric: Rubric) -> Iterator[tuple[str, str]]:
    wanted = [stage.id for stage in rubric.stages]
    if [brief.id for brief in question.stages] != wanted:
        yield f"{question.id}.stages", f"must be {', '.join(wanted)}, in this order"
    for stage in wanted:
        if len(question.points_of(stage)) < 3:
            yield f"{question.id}.key_points", f"stage {stage} needs at least 3 key points"
