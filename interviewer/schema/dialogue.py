"""The nouns of a conversation: set-up, turns, what was understood, what the interviewer does next."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, Self

from pydantic import Field, model_validator

from interviewer.schema.bank import Question
from interviewer.schema.base import (
    Format,
    Id,
    Intent,
    Manner,
    MoveKind,
    Noun,
    Seniority,
    Text,
    Verdict,
)
from interviewer.schema.grade import Quote
from interviewer.schema.rubric import Rubric


class Setup(Noun):
    """What the candidate chose. `minutes` is the candidate's own time; None means the rubric's."""

    round: Id
    format: Format = Format.INTERVIEW
    topic: str | None = None
    job_description: str | None = None
    seniority: Seniority = Seniority.MID
    manner: Manner = Manner.NEUTRAL
    minutes: int | None = Field(default=None, ge=1, le=240)
    count: int | None = Field(default=None, ge=1, le=60)
    question_id: Id | None = None


class Snapshot(Noun):
    """The content a session runs on, frozen at its start; `hash` is of its canonical JSON."""

    questions: tuple[Question, ...] = Field(min_length=1)
    rubric: Rubric
    hash: Text


class Move(Noun):
    """One thing the interviewer does. `target_id` is the point, misconception, twist or question.

    For `reveal`, `fact_ids` say what is told and `unknown` that something asked for is not known.
    """

    kind: MoveKind
    question_id: Id | None = None
    stage: Id | None = None
    target_id: Id | None = None
    fact_ids: tuple[Id, ...] = ()
    unknown: bool = False
    hint_number: int | None = Field(default=None, ge=1)
    reason: str = ""


class PointReading(Noun):
    """A quick, unscored reading of one key point in the last exchange."""

    key_point_id: Id
    verdict: Verdict
    quote: Quote | None = None


class Steer(Noun):
    """What the last message seems to say. Chooses the next move; never shown, never scored.

    `asks` are its clarifying sentences. `fact_ids` are clearly asked for; `likely_fact_ids` may be
    meant and are asked back about first.
    """

    intents: tuple[Intent, ...] = Field(min_length=1)
    asks: tuple[Text, ...] = ()
    points: tuple[PointReading, ...] = ()
    misconception_ids: tuple[Id, ...] = ()
    fact_ids: tuple[Id, ...] = ()
    likely_fact_ids: tuple[Id, ...] = ()
    unknown_asks: tuple[Text, ...] = ()
    reader: Text = "offline"


class Turn(Noun):
    """One message. `id` counts from 1 within a session; `seconds` is the candidate's own time."""

    id: int = Field(ge=1)
    role: Literal["interviewer", "candidate"]
    text: str
    at: datetime
    question_id: Id | None = None
    stage: Id | None = None
    move: Move | None = None
    steer: Steer | None = None
    seconds: float = Field(default=0.0, ge=0)
    retracted: bool = False

    @model_validator(mode="after")
    def _role_decides(self) -> Self:
        if self.role == "candidate" and self.move is not None:
            raise ValueError("only the interviewer makes moves")
        if self.role == "interviewer" and self.steer is not None:
            raise ValueError("only the candidate is steered by")
        return self


class Exchange(Noun):
    """All turns on one question: what a grader reads."""

    question: Question
    turns: tuple[Turn, ...]

    @property
    def answers(self) -> tuple[Turn, ...]:
        """Return the candidate's turns that still stand, oldest first."""
        return tuple(t for t in self.turns if t.role == "candidate" and not t.retracted)
