"""Every noun of the project in one namespace; see the files of this folder, one per subject."""

from interviewer.schema.bank import (
    Diagnosis,
    Fact,
    KeyPoint,
    Line,
    Misconception,
    Question,
    Reply,
    Rival,
    Series,
    StageBrief,
    Table,
    Topic,
    Twist,
)
from interviewer.schema.base import (
    Difficulty,
    Format,
    Intent,
    Manner,
    MoveKind,
    Noun,
    Prompting,
    Seniority,
    Tier,
    Verdict,
)
from interviewer.schema.dialogue import Exchange, Move, PointReading, Setup, Snapshot, Steer, Turn
from interviewer.schema.grade import (
    CriterionResult,
    Grade,
    Graded,
    GraderStamp,
    GradingFailure,
    MisconceptionSeen,
    NotAssessed,
    OtherValid,
    PointVerdict,
    QuestionResult,
    Quote,
    Recommendation,
    Scorecard,
    SignalReading,
    Unanswered,
)
from interviewer.schema.rubric import (
    Anchor,
    Credit,
    Criterion,
    HireBar,
    LevelBar,
    Rubric,
    Signal,
    Stage,
)

__all__ = [
    "Anchor", "Credit", "Criterion", "CriterionResult", "Diagnosis", "Difficulty", "Exchange",
    "Fact", "Format", "Grade", "Graded", "GraderStamp", "GradingFailure", "HireBar", "Intent",
    "KeyPoint", "LevelBar", "Line", "Manner", "Misconception", "MisconceptionSeen", "Move",
    "MoveKind", "NotAssessed", "Noun", "OtherValid", "PointReading", "PointVerdict", "Prompting",
    "Question", "QuestionResult", "Quote", "Recommendation", "Reply", "Rival", "Rubric",
    "Scorecard", "Seniority", "Series", "Setup", "Signal", "SignalReading", "Snapshot", "Stage",
    "StageBrief", "Steer", "Table", "Tier", "Topic", "Turn", "Twist", "Unanswered", "Verdict",
]  # fmt: skip
