"""The nouns of fairness: a self-rating before the score, contests of verdicts, reports on questions.

A contest always quotes the candidate and keeps the first verdict; a ruling that could not be made is
a different type with no verdict in it.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from interviewer.schema.base import Id, Noun, Text, Verdict
from interviewer.schema.grade import GraderStamp, PointVerdict, Quote

LONGEST_COMMENT = 600
LONGEST_NOTE = 2000


class SelfRating(Noun):
    """What the candidate expected, in percent, before the score was shown."""

    percent: int = Field(ge=0, le=100)
    rated_at: datetime


class Decided(Noun):
    """A second reader's verdict on a contested point: it counts from then on."""

    status: Literal["decided"] = "decided"
    verdict: PointVerdict
    grader: GraderStamp


class Undecided(Noun):
    """Nobody decided yet; the first verdict counts. `grader` is who tried, if anyone did."""

    status: Literal["undecided"] = "undecided"
    reason: Text
    grader: GraderStamp | None = None


Ruling = Annotated[Decided | Undecided, Field(discriminator="status")]


class Contest(Noun):
    """A candidate holds that a point is judged wrongly and points at own words.

    `comment` is kept beside the case; it is no evidence and no reader sees it.
    """

    question_id: Id
    key_point_id: Id
    quote: Quote
    comment: str = Field(default="", max_length=LONGEST_COMMENT)
    first: PointVerdict
    first_grader: GraderStamp
    ruling: Ruling
    made_at: datetime

    @model_validator(mode="after")
    def _about_one_point(self) -> Self:
        views = [self.first]
        if isinstance(self.ruling, Decided):
            views.append(self.ruling.verdict)
        if any(view.key_point_id != self.key_point_id for view in views):
            raise ValueError("both views must be of the contested point")
        if self.first.verdict is Verdict.MET:
            raise ValueError("a point that is met is not contested")
        return self


class QuestionReport(Noun):
    """A note for the bank's author. `question_hash` says which wording of the question is meant."""

    question_id: Id
    question_hash: Text
    session_id: str | None = None
    note: Text = Field(max_length=LONGEST_NOTE)
    made_at: datetime
