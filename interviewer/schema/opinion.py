"""The nouns of fairness: a self-rating before the score, contests of verdicts, reports on questions.

A contest is of a key point or of a charged misconception. It always quotes the candidate and keeps the
first view; a ruling that could not be made is a different type with no verdict in it.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal, Self, TypeAlias

from pydantic import Field, model_validator

from interviewer.schema.base import Id, Noun, Text, Verdict
from interviewer.schema.grade import GraderStamp, MisconceptionSeen, PointVerdict, Quote

LONGEST_COMMENT = 600
LONGEST_NOTE = 2000


class SelfRating(Noun):
    """What the candidate expected, in percent, before the score was shown."""

    percent: int = Field(ge=0, le=100)
    rated_at: datetime


class MisconceptionReading(Noun):
    """A second reader's view of a charged misconception: the charge stands, with evidence, or is lifted."""

    misconception_id: Id
    stands: bool
    evidence: Quote | None = None
    reason: Text

    @model_validator(mode="after")
    def _evidence_where_due(self) -> Self:
        if (self.evidence is not None) != self.stands:
            raise ValueError("a charge that stands needs evidence; a lifted one has none")
        return self


class Contested(Noun):
    """What a contest is about: one key point, or one listed misconception, of a question."""

    question_id: Id
    kind: Literal["point", "misconception"]
    id: Id


FirstView: TypeAlias = PointVerdict | MisconceptionSeen
SecondView: TypeAlias = PointVerdict | MisconceptionReading


class Decided(Noun):
    """A second reader's view of what is contested: it counts from then on."""

    status: Literal["decided"] = "decided"
    verdict: SecondView
    grader: GraderStamp


class Undecided(Noun):
    """Nobody decided yet; the first verdict counts. `grader` is who tried, if anyone did."""

    status: Literal["undecided"] = "undecided"
    reason: Text
    grader: GraderStamp | None = None


Ruling = Annotated[Decided | Undecided, Field(discriminator="status")]


class Contest(Noun):
    """A candidate holds that something is judged wrongly and points at own words.

    `comment` is kept beside the case; it is no evidence and no reader sees it.
    """

    question_id: Id
    quote: Quote
    comment: str = Field(default="", max_length=LONGEST_COMMENT)
    first: FirstView
    first_grader: GraderStamp
    ruling: Ruling
    made_at: datetime

    @property
    def about(self) -> Contested:
        """Return what is contested: what the first view is of."""
        return contested_in(self.question_id, self.first)

    def ruled(self, ruling: Ruling) -> Contest:
        """Return the contest with another ruling. Raise ValidationError if it is of something else."""
        return Contest(**dict(self) | {"ruling": ruling})

    @model_validator(mode="after")
    def _about_one_thing(self) -> Self:
        if isinstance(self.first, PointVerdict) and self.first.verdict is Verdict.MET:
            raise ValueError("a point that is met is not contested")
        views = [self.ruling.verdict] if isinstance(self.ruling, Decided) else []
        if any(contested_in(self.question_id, view) != self.about for view in views):
            raise ValueError("both views must be of what is contested")
        return self


def contested_in(question_id: str, view: FirstView | SecondView) -> Contested:
    """Return what a view of one question is of."""
    if isinstance(view, PointVerdict):
        return Contested(question_id=question_id, kind="point", id=view.key_point_id)
    return Contested(question_id=question_id, kind="misconception", id=view.misconception_id)


class QuestionReport(Noun):
    """A note for the bank's author. `question_hash` says which wording of the question is meant."""

    question_id: Id
    question_hash: Text
    session_id: str | None = None
    note: Text = Field(max_length=LONGEST_NOTE)
    made_at: datetime
