"""The nouns of grading: evidence, verdicts, grades.

A grade that failed or could not be made is a different type with no score in it, so an invented
number cannot be written down. A verdict that earns or costs carries the words it rests on.
"""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from interviewer.schema.base import Id, Noun, Prompting, Text, Unit, Verdict


class Quote(Noun):
    """Words of the candidate: characters `start` to `end` of turn `turn_id`'s stored text."""

    turn_id: int = Field(ge=0)
    start: int = Field(ge=0)
    end: int = Field(gt=0)
    text: Text


class GraderStamp(Noun):
    """Which grader made a grade; grades of different stamps are never mixed in one trend."""

    name: Text
    version: Text
    model: str | None = None
    prompt_hash: str | None = None


class PointVerdict(Noun):
    """What became of one key point. Every verdict but not_met quotes its evidence.

    `sureness` is how likely a point read as met or partly met is made, where the grader knows; it is
    then what the point earns, in place of the verdict's fixed worth.
    """

    key_point_id: Id
    verdict: Verdict
    evidence: Quote | None = None
    reason: Text
    prompting: Prompting = Prompting.UNPROMPTED
    sureness: Unit | None = None

    @model_validator(mode="after")
    def _evidence_where_due(self) -> Self:
        if (self.evidence is None) != (self.verdict is Verdict.NOT_MET):
            raise ValueError("met, partly and contradicted need evidence; not_met has none")
        if self.sureness is not None and self.verdict not in (Verdict.MET, Verdict.PARTLY):
            raise ValueError("only what is met or partly met has a sureness")
        return self


class MisconceptionSeen(Noun):
    """A listed misconception the candidate stated and did not take back."""

    misconception_id: Id
    evidence: Quote
    reason: Text


class SignalReading(Noun):
    """Whether one rubric signal was seen; `seen` None means this grader cannot tell."""

    signal_id: Id
    seen: bool | None
    evidence: Quote | None = None
    reason: Text

    @model_validator(mode="after")
    def _seen_needs_evidence(self) -> Self:
        if (self.evidence is not None) != (self.seen is True):
            raise ValueError("a seen signal needs evidence, any other has none")
        return self


class OtherValid(Noun):
    """A right idea that the question does not list (a model's reading; bounded credit)."""

    claim: Text
    evidence: Quote


class Graded(Noun):
    """A finished grade of one question: verdicts, and the score code made of them.

    `criteria` maps criterion id to 0..1 for the criteria this question speaks to. `unlisted` are
    on-topic sentences that no key point covers (offline); `low_confidence` flags such a grade.
    """

    status: Literal["graded"] = "graded"
    question_id: Id
    question_hash: Text
    rubric_version: int
    grader: GraderStamp
    verdicts: tuple[PointVerdict, ...]
    misconceptions: tuple[MisconceptionSeen, ...] = ()
    signals: tuple[SignalReading, ...] = ()
    other_valid: tuple[OtherValid, ...] = Field(default=(), max_length=2)
    unlisted: tuple[Quote, ...] = ()
    low_confidence: bool = False
    criteria: dict[Id, Unit]
    score: Unit


class Unanswered(Noun):
    """The candidate left it out; it earns 0."""

    status: Literal["unanswered"] = "unanswered"
    question_id: Id
    reason: Literal["skipped", "dont_know", "out_of_time"]


class NotAssessed(Noun):
    """This grader cannot judge this answer (another language, nothing it can read)."""

    status: Literal["not_assessed"] = "not_assessed"
    question_id: Id
    grader: GraderStamp
    reason: Text


class GradingFailure(Noun):
    """The grader broke (outage, nonsense); may be tried again."""

    status: Literal["failed"] = "failed"
    question_id: Id
    grader: GraderStamp
    reason: Text


Grade = Annotated[Graded | Unanswered | NotAssessed | GradingFailure, Field(discriminator="status")]
