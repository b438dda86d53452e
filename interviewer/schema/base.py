"""What every noun shares: frozen, no unknown keys; and the small enumerations the nouns are made of.

Knows nothing but pydantic. Scores are floats in 0..1 unless a name says level or percent.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Id = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=80)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Unit = Annotated[float, Field(ge=0.0, le=1.0)]


class Noun(BaseModel):
    """A value of the domain: immutable, and strict about its keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Difficulty(StrEnum):
    EASY = "easy"
    MEDIUM = "medium"
    HARD = "hard"


class Seniority(StrEnum):
    JUNIOR = "junior"
    MID = "mid"
    SENIOR = "senior"
    STAFF = "staff"


class Manner(StrEnum):
    """How the interviewer words things; never what it asks for or how it grades."""

    FRIENDLY = "friendly"
    NEUTRAL = "neutral"
    TOUGH = "tough"


class Tier(StrEnum):
    """How much of a strong answer an idea is: expected, good, rare."""

    CORE = "core"
    STRONG = "strong"
    EXCEPTIONAL = "exceptional"


class Verdict(StrEnum):
    MET = "met"
    PARTLY = "partly"
    NOT_MET = "not_met"
    CONTRADICTED = "contradicted"


class Prompting(StrEnum):
    """What the candidate had been given before saying it."""

    UNPROMPTED = "unprompted"
    PROBED = "probed"
    HINTED = "hinted"


class Intent(StrEnum):
    """What one part of a candidate's message wants; several in one message are normal."""

    ANSWER = "answer"
    ASK = "ask"
    SHOW = "show"
    HINT = "hint"
    DONT_KNOW = "dont_know"
    SKIP = "skip"
    THINK = "think"
    CORRECT = "correct"
    RETRACT = "retract"
    FINISH = "finish"
    CHAT = "chat"


class MoveKind(StrEnum):
    """What the interviewer does next."""

    CLARIFY = "clarify"
    REVEAL = "reveal"
    PROBE = "probe"
    CHALLENGE = "challenge"
    HINT = "hint"
    TWIST = "twist"
    WAIT = "wait"
    ADVANCE = "advance"
    CLOSE = "close"


class Format(StrEnum):
    """The shape of a session: a full round, a rapid-fire drill, one told story."""

    INTERVIEW = "interview"
    DRILL = "drill"
    STORY = "story"
