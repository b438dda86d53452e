"""`interviewer grade`: JSON lines in, one graded line out for each, in order.

A bad row never stops the rest: it becomes `failed` with its reason. The grader is a callable, so
any grader can be plugged in; `OfflineGrader` is the one without a model.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import islice
from typing import Any, Literal, NamedTuple, Protocol

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from interviewer.errors import InterviewerError
from interviewer.schema import GraderStamp, Quote, Verdict


class Item(BaseModel):
    """One row to grade; keys that are not ours are let through unread."""

    model_config = ConfigDict(frozen=True, extra="ignore", strict=True)

    id: str | int
    question: str = Field(min_length=1)
    answer: str
    reference: str | None = None
    key_points: list[str] | None = None
    round: str | None = None

    @field_validator("question", "answer", "reference")
    @classmethod
    def _is_text(cls, value: str | None) -> str | None:
        if value and not value.isascii() and any("\ud800" <= c <= "\udfff" for c in value):
            raise ValueError("has half a character (a lone surrogate); send valid Unicode")
        return value

    @field_validator("key_points")
    @classmethod
    def _no_blank_points(cls, value: list[str] | None) -> list[str] | None:
        if value and any(not point.strip() for point in value):
            raise ValueError("key_points must not contain empty strings")
        return value

    @model_validator(mode="after")
    def _something_to_grade_by(self) -> Item:
        if not (self.reference and self.reference.strip()) and not self.key_points:
            raise ValueError("needs a reference or key_points")
        return self


class PointGrade(NamedTuple):
    """One key point of a row. `evidence` is None exactly when it is not met."""

    text: str
    verdict: Verdict
    evidence: Quote | None


class RowGrade(NamedTuple):
    """What a grader makes of one row; `score` 0..1, None unless graded."""

    status: Literal["graded", "not_assessed", "failed"]
    score: float | None
    reason: str
    key_points: tuple[PointGrade, ...] = ()


class RowGrader(Protocol):
    """Grades one row; says who it is."""

    @property
    def stamp(self) -> GraderStamp: ...
    def __call__(self, item: Item) -> RowGrade: ...


def grade_rows(
    rows: Iterable[str | dict[str, Any]], grader: RowGrader, at_once: int = 1
) -> Iterator[dict[str, Any]]:
    """Yield one result per row, in order, `at_once` side by side; blank lines are no rows."""
    wanted = (row for row in rows if not isinstance(row, str) or row.strip())
    with ThreadPoolExecutor(at_once) as pool:
        while some := list(islice(wanted, at_once)):
            yield from pool.map(partial(_grade_row, grader=grader), some)


def _grade_row(row: str | dict[str, Any], grader: RowGrader) -> dict[str, Any]:
    row_id: Any = None
    try:
        raw = json.loads(row) if isinstance(row, str) else row
        if not isinstance(raw, dict):
            raise ValueError("the row is not a JSON object")
        row_id = raw.get("id") if isinstance(raw.get("id"), str | int) else None
        grade = grader(Item.model_validate(raw))
    except json.JSONDecodeError as error:
        grade = _failed(f"not JSON: {error.msg} at character {error.pos + 1}")
    except ValidationError as error:
        grade = _failed("; ".join(_problem(e) for e in error.errors()))
    except (InterviewerError, ValueError, ArithmeticError, TypeError, RecursionError) as error:
        grade = _failed(str(error) or type(error).__name__)
    return _as_json(row_id, grade, grader.stamp)


def _failed(reason: str) -> RowGrade:
    return RowGrade("failed", None, reason)


def _problem(error: Any) -> str:
    key = ".".join(str(part) for part in error["loc"]) or "row"
    return f"{key}: {error['msg'].removeprefix('Value error, ')}"


def _as_json(row_id: Any, grade: RowGrade, stamp: GraderStamp) -> dict[str, Any]:
    return {
        "id": row_id,
        "status": grade.status,
        "score": grade.score,
        "reason": grade.reason,
        "key_points": [
            {"text": p.text, "verdict": p.verdict.value, "evidence": _evidence(p.evidence)}
            for p in grade.key_points
        ],
        "grader": ":".join(filter(None, (stamp.name, stamp.version, stamp.model))),
    }


def _evidence(quote: Quote | None) -> dict[str, Any] | None:
    return {"quote": quote.text, "start": quote.start, "end": quote.end} if quote else None
