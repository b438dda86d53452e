"""A question still to be written, as commented YAML: made from the schema, the rubric and the counts.

What is left to write is a placeholder in angle brackets, which the loader refuses, so that a
half-written question is never asked or scored. Pure.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin

import yaml

from interviewer.authoring.guidance import GUIDANCE, OF_THE_FILE
from interviewer.consistency import LEAST_SHOWN, least_counts
from interviewer.schema import KeyPoint, Question, Rubric
from interviewer.schema.bank import Table
from interviewer.schema.base import Noun

# Every question of the built-in bank has two, so that a missed point comes back as another question.
_RECALLS = 2
_WIDTH = 110


def blank_question(rubric: Rubric) -> dict[str, Any]:
    """Return a question of a round with a placeholder for all that must be written.

    A key that starts with `# ` is a comment: something that may be written.
    """
    least = least_counts(rubric) | {"recall": _RECALLS}
    raw = _blank(Question, rubric, {name: count for name, count in least.items() if count})
    for name in least:
        raw.pop(f"# {name}", None)
    for brief, stage in zip(raw.get("stages", ()), rubric.stages, strict=True):
        brief["id"] = stage.id
    if rubric.stages:
        each = len(raw["key_points"]) // len(rubric.stages)
        raw["key_points"] = [
            _with(point, "stage", rubric.stages[number // each].id)
            for number, point in enumerate(raw["key_points"])
        ]
    for number in range(LEAST_SHOWN if least["diagnosis"] else 0):
        raw["facts"][number] = _with(raw["facts"][number], "table", _blank(Table, rubric))
    return raw


def blank_point(rubric: Rubric) -> dict[str, Any]:
    """Return a key point to be written."""
    point = _blank(KeyPoint, rubric)
    if rubric.stages:
        point = _with(point, "stage", _told("KeyPoint.stage", None, rubric))
    return _required(point)


def template(
    rubric: Rubric, topic: str | None, topics: Sequence[str], questions: Sequence[dict[str, Any]]
) -> str:
    """Return a bank file with these questions; `topic` is left open among `topics` when None."""
    content = {"topic": topic or _one_of(topics), "questions": list(questions)}
    head = "\n".join(f"# {line}".rstrip() for line in _introduction(rubric))
    return f"{head}\n" + "\n".join(_lines(content)) + "\n"


def _introduction(rubric: Rubric) -> Iterator[str]:
    yield f"Questions for the round {rubric.name!r}."
    yield "Write everything that stands in angle brackets; lines that start with # may be used or removed."
    yield "`interviewer bank check` says what is missing or wrong; CONTRIBUTING.md shows good and bad."
    yield ""
    yield "What a key point counts for (criterion):"
    yield from (f"  {c.id}: {c.description}" for c in rubric.criteria)
    if rubric.reads_stories:
        yield "What may be read off the story instead of the wordings (signal):"
        yield from (f"  {s.id}: {s.question}" for s in rubric.signals)


def _blank(
    model: type[Noun], rubric: Rubric, counts: Mapping[str, int] | None = None
) -> dict[str, Any]:
    """Return a placeholder per field that must be written, a comment per field that may be."""
    raw: dict[str, Any] = {}
    counts = counts or {}
    for name, field in model.model_fields.items():
        key = f"{model.__name__}.{name}"
        kind, many = _kind(field.annotation)
        if key in OF_THE_FILE or not _of_round(name, model, rubric):
            continue
        if field.is_required() or name in counts:
            least = next((m.min_length for m in field.metadata if hasattr(m, "min_length")), 1)
            count = counts.get(name, least) if many else 0
            raw[name] = _gap(key, kind, count, rubric)
        else:
            raw[f"# {name}"] = _told(key, kind, rubric).strip("<>")
    return raw


def _of_round(name: str, model: type[Noun], rubric: Rubric) -> bool:
    if name == "signal":
        return rubric.reads_stories
    return name != "stage" or bool(rubric.stages)


def _gap(key: str, kind: Any, count: int, rubric: Rubric) -> Any:
    """Return what stands for a value to be written: one, or `count` of them (0: not a list)."""
    if isinstance(kind, type) and issubclass(kind, Noun):
        one = _blank(kind, rubric)
        return [one, *(_required(one) for _ in range(count - 1))] if count else one
    if key == "Table.rows":
        return [[f"<{cell}>" for cell in GUIDANCE[key]]]
    if count:
        told = GUIDANCE[key]
        texts = [told] if isinstance(told, str) else list(told)
        return [f"<{texts[min(i, len(texts) - 1)]}>" for i in range(count)]
    return _told(key, kind, rubric)


def _told(key: str, kind: Any, rubric: Rubric) -> str:
    """Return the placeholder of one value: its choices where there are any, else what to write."""
    named = {
        "KeyPoint.criterion": [c.id for c in rubric.criteria],
        "KeyPoint.signal": [s.id for s in rubric.signals],
        "KeyPoint.stage": [s.id for s in rubric.stages],
    }
    choices = named.get(key) or _choices(kind)
    told = GUIDANCE[key]
    text = told if isinstance(told, str) else told[0]
    return f"<{text}>" if text else _one_of(choices)


def _one_of(choices: Sequence[str]) -> str:
    return f"<one of {', '.join(choices)}>"


def _choices(kind: Any) -> list[str]:
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return [member.value for member in kind]
    return list(get_args(kind)) if get_origin(kind) is Literal else []


def _kind(annotation: Any) -> tuple[Any, bool]:
    """Return the type of a field without its `None` and its tuple, and whether it was a tuple."""
    if get_origin(annotation) in (Union, UnionType):
        annotation = next(a for a in get_args(annotation) if a is not type(None))
    if get_origin(annotation) is tuple:
        return get_args(annotation)[0], True
    return annotation, False


def _with(raw: dict[str, Any], name: str, value: Any) -> dict[str, Any]:
    """Set a key that may be written; its comment gives way to it."""
    if name not in raw and f"# {name}" not in raw:
        return raw | {name: value}
    return {
        (name if key == f"# {name}" else key): value if name in key.split() else old
        for key, old in raw.items()
    }


def _required(raw: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in raw.items() if not key.startswith("# ")}


class _Dumper(yaml.SafeDumper):
    """Writes texts of several lines as blocks, as a person would."""


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = "|" if "\n" in text else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _text)


def _lines(node: Any) -> Iterator[str]:
    """Yield the lines of a node; unlike PyYAML it writes comments and indents lists."""
    if isinstance(node, list):
        for item in node:
            first, *rest = _lines(item)
            yield f"- {first}"
            yield from (f"  {line}".rstrip() for line in rest)
    elif isinstance(node, dict):
        for key, value in node.items():
            if key.startswith("# "):
                yield f"{key}: {value}"
            elif isinstance(value, dict | list):
                yield f"{key}:"
                yield from (f"  {line}".rstrip() for line in _lines(value))
            else:
                yield from _scalar({key: value})
    else:
        yield from (line[2:] for line in _scalar([node]))


def _scalar(node: dict[str, Any] | list[Any]) -> list[str]:
    return str(yaml.dump(node, Dumper=_Dumper, allow_unicode=True, width=_WIDTH)).splitlines()
