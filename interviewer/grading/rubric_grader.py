"""The model grader: a model reads verdicts with sentence ids, code checks, quotes and computes.

Invariant: no number without a complete reading; what stays wrong after one repair is a
`GradingFailure`. The interviewer's manner never reaches it.
"""

from __future__ import annotations

from interviewer.content import content_hash
from interviewer.errors import InvalidModelOutput, ModelUnavailable
from interviewer.grading.arithmetic import criterion_scores, question_score, with_prompting
from interviewer.grading.exchange import better_of, credited_by_asking, unanswered
from interviewer.grading.model_reader import ModelReader
from interviewer.grading.model_reading import PROMPTS, TooLong, task_of
from interviewer.grading.model_verdicts import (
    Read,
    misconceptions_of,
    other_valid_of,
    signals_of,
    verdicts_of,
)
from interviewer.llm import Ledger, Model
from interviewer.prompts import prompt_hash
from interviewer.schema import Exchange, Grade, Graded, GraderStamp, GradingFailure, Rubric

VERSION = "1"


def model_stamp(model_name: str) -> GraderStamp:
    """Return the stamp of grades by a model: its name and the hash of the prompts it is asked with."""
    return GraderStamp(
        name="model", version=VERSION, model=model_name, prompt_hash=prompt_hash(*PROMPTS)
    )


class RubricGrader:
    """Grades with a model, key point by key point, over the whole exchange."""

    def __init__(self, model: Model, timeout_seconds: float, ledger: Ledger | None = None) -> None:
        self._reader = ModelReader(model, timeout_seconds, ledger)

    @property
    def stamp(self) -> GraderStamp:
        """Return which model and prompts make the grades."""
        return model_stamp(self._reader.model_name)

    def grade(self, exchange: Exchange, rubric: Rubric) -> Grade:
        """Grade one exchange. An outage or nonsense becomes a `GradingFailure` that may be retried."""
        left_out = unanswered(exchange)
        if left_out:
            return left_out
        try:
            reads = self._reader.read(task_of(exchange, rubric))
        except ModelUnavailable as error:
            return self._failure(exchange, f"Not graded yet: {error}. Grade it again later.")
        except InvalidModelOutput as error:
            reason = (
                f"Not graded: after one repair the model's reading is still unusable ({error})."
            )
            return self._failure(exchange, reason)
        except TooLong as error:
            return self._failure(exchange, f"Not graded: {error}.")
        return self._graded(exchange, rubric, reads)

    def _graded(self, exchange: Exchange, rubric: Rubric, reads: list[Read]) -> Graded:
        question = exchange.question
        credited = credited_by_asking(exchange)
        read = verdicts_of([p.id for p in question.key_points], reads)
        verdicts = with_prompting(
            [better_of(v, credited.get(v.key_point_id)) for v in read], exchange.turns
        )
        misconceptions = misconceptions_of(question, reads)
        other_valid = other_valid_of(reads)
        criteria = criterion_scores(question, rubric, verdicts, misconceptions, other_valid)
        return Graded(
            question_id=question.id,
            question_hash=content_hash(question),
            rubric_version=rubric.version,
            grader=self.stamp,
            verdicts=verdicts,
            misconceptions=misconceptions,
            signals=signals_of(rubric, reads),
            other_valid=other_valid,
            criteria=criteria,
            score=question_score(criteria, rubric),
        )

    def _failure(self, exchange: Exchange, reason: str) -> GradingFailure:
        return GradingFailure(question_id=exchange.question.id, grader=self.stamp, reason=reason)
