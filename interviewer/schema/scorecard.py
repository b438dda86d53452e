"""The nouns of a session's result: criteria, questions, what would have gained most, the scorecard."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, Self

from pydantic import Field, model_validator

from interviewer.schema.base import Id, Noun, Text, Unit
from interviewer.schema.grade import Grade, GraderStamp
from interviewer.schema.opinion import Contest, SelfRating

Recommendation = Literal["Strong No Hire", "No Hire", "Lean No", "Lean Hire", "Hire", "Strong Hire"]


class CriterionResult(Noun):
    """One criterion of the scorecard; `score` and `level` are None when nothing was graded."""

    criterion_id: Id
    name: Text
    weight: Unit
    renormalised_weight: Unit
    score: Unit | None
    level: int | None = Field(default=None, ge=1, le=5)
    anchor: str | None = None
    reason: str | None = None


class QuestionResult(Noun):
    """One question of the scorecard, with what a reader needs to see."""

    question_id: Id
    title: Text
    prompt: Text
    grade: Grade
    missed: tuple[Text, ...] = ()
    better_answer: Text
    staff: Text | None = None


class Gain(Noun):
    """What one missing point would have added, had it been made unprompted.

    `overall` is in percentage points; the levels are those of the point's criterion.
    """

    question_id: Id
    key_point_id: Id
    claim: Text
    criterion: Text
    overall: float = Field(ge=0, le=100)
    level: int = Field(ge=1, le=5)
    level_with_it: int = Field(ge=1, le=5)

    @model_validator(mode="after")
    def _gains_something(self) -> Self:
        if self.level_with_it < self.level:
            raise ValueError("a point that is made lowers no level")
        if not self.overall and self.level_with_it == self.level:
            raise ValueError("what gains nothing is no gain")
        return self


class Scorecard(Noun):
    """A session's result. `overall` (percent) is None when too little was graded to say.

    `first_overall` is the overall by the first verdicts alone, where a contest was decided;
    `contests` are those of the verdicts that this card rests on.
    """

    session_id: Text
    round: Id
    seniority: str
    made_at: datetime
    grader: GraderStamp
    criteria: tuple[CriterionResult, ...]
    questions: tuple[QuestionResult, ...]
    graded_share: Unit
    overall: float | None = Field(default=None, ge=0, le=100)
    recommendation: Recommendation | None = None
    withheld_because: str | None = None
    observations: tuple[Text, ...] = ()
    gains: tuple[Gain, ...] = ()
    contests: tuple[Contest, ...] = ()
    first_overall: float | None = Field(default=None, ge=0, le=100)
    self_rating: SelfRating | None = None

    @property
    def grader_overall(self) -> float | None:
        """Return the overall that the first grader alone gave."""
        return self.overall if self.first_overall is None else self.first_overall

    @model_validator(mode="after")
    def _overall_or_reason(self) -> Self:
        if (self.overall is None) != (self.withheld_because is not None):
            raise ValueError("an overall or the reason it is withheld, exactly one of them")
        if (self.overall is None) != (self.recommendation is None):
            raise ValueError("a recommendation exists exactly when an overall does")
        return self
