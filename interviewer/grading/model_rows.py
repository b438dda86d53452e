"""Grades rows of `interviewer grade` with a model: any question, a reference or plain key points.

Invariant: as in the interview, a model reads and code counts; an outage leaves a row `failed`.
"""

from __future__ import annotations

from datetime import UTC, datetime

from interviewer.errors import ModelError, ModelUnavailable
from interviewer.grading.batch import Item, PointGrade, RowGrade
from interviewer.grading.claims import Claim, split_claims
from interviewer.grading.model_reader import ModelReader
from interviewer.grading.model_reading import Task, TooLong
from interviewer.grading.model_verdicts import Read, verdicts_of
from interviewer.grading.rubric_grader import model_stamp
from interviewer.llm import Model
from interviewer.schema import Credit, GraderStamp, Turn, Verdict

# A batch waits out a rate limit or a short outage, but a model that stays away only once.
_PATIENCE_SECONDS = 180.0
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
_WORTH = {Verdict.MET: 1.0, Verdict.PARTLY: Credit().partly}


class ModelRowGrader:
    """Grades one row at a time; a `RowGrader` for `grade_rows`."""

    def __init__(self, model: Model, timeout_seconds: float) -> None:
        self._model = model
        self._reader = ModelReader(model, timeout_seconds)
        self._patience_seconds = _PATIENCE_SECONDS

    @property
    def stamp(self) -> GraderStamp:
        """Return which model and prompts make the grades."""
        return model_stamp(self._reader.model_name)

    def __call__(self, item: Item) -> RowGrade:
        """Grade one row."""
        claims = _claims(item)
        if not claims:
            return RowGrade("failed", None, "the reference makes no claim that could be checked")
        if not item.answer.strip():
            missing = tuple(PointGrade(c.text, Verdict.NOT_MET, None) for c in claims)
            return RowGrade("graded", 0.0, "The answer is empty.", missing)
        try:
            reads = self._read(_task(item, claims))
        except (ModelError, TooLong) as error:
            return RowGrade("failed", None, f"not graded, try again: {error}")
        verdicts = verdicts_of([_id(n) for n in range(len(claims))], reads)
        points = tuple(
            PointGrade(claim.text, v.verdict, v.evidence)
            for claim, v in zip(claims, verdicts, strict=True)
        )
        earned = sum(
            _WORTH.get(p.verdict, 0.0) * c.weight for p, c in zip(points, claims, strict=True)
        )
        met = sum(1 for p in points if p.verdict is Verdict.MET)
        first = next((v.reason for v in verdicts if v.verdict is not Verdict.MET), "")
        reason = f"{met} of {len(points)} points met. {first}".strip()
        return RowGrade("graded", round(earned / sum(c.weight for c in claims), 4), reason, points)

    def _read(self, task: Task) -> list[Read]:
        """Read one row; while the model is away, wait for it and try once more."""
        self._wait()
        try:
            return self._reader.read(task)
        except ModelUnavailable:
            if self._model.down_because is None or not self._wait():
                raise
            return self._reader.read(task)

    def _wait(self) -> bool:
        is_back = self._model.wait_until_back(self._patience_seconds)
        self._patience_seconds = _PATIENCE_SECONDS if is_back else 0.0
        return is_back


def _claims(item: Item) -> list[Claim]:
    if item.key_points:
        return [Claim(text.strip(), 1.0) for text in item.key_points]
    return split_claims(item.reference or "")


def _task(item: Item, claims: list[Claim]) -> Task:
    # Rows are no turns of a session: their one turn has the number 0.
    turn = Turn.model_construct(id=0, role="candidate", text=item.answer, at=_EPOCH)
    return Task(
        prompt=item.question,
        reference=item.reference or "none is given",
        points={_id(n): claim.text for n, claim in enumerate(claims)},
        misconceptions={},
        signals={},
        turns=[turn],
    )


def _id(number: int) -> str:
    return f"p{number + 1}"
