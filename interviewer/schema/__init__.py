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
    Grade,
    Graded,
    GraderStamp,
    GradingFailure,
    MisconceptionSeen,
    NotAssessed,
    OtherValid,
    PointVerdict,
    Quote,
    SignalReading,
    Unanswered,
)
from interviewer.schema.opinion import (
    LONGEST_COMMENT,
    LONGEST_NOTE,
    Contest,
    Contested,
    Decided,
    FirstView,
    MisconceptionReading,
    QuestionReport,
    Ruling,
    SecondView,
    SelfRating,
    Undecided,
    contested_in,
)
from interviewer.schema.path import (
    Activity,
    ActivityKind,
    CodingCategory,
    Effort,
    LoopRound,
    LoopSimulation,
    StudyPath,
    Week,
    When,
    Work,
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
from interviewer.schema.scorecard import (
    CriterionResult,
    Gain,
    QuestionResult,
    Recommendation,
    Scorecard,
)

__all__ = [
    "LONGEST_COMMENT", "LONGEST_NOTE", "Activity", "ActivityKind", "Anchor", "CodingCategory",
    "Contest", "Contested", "Credit", "Criterion", "CriterionResult", "Decided", "Diagnosis",
    "Difficulty", "Effort", "Exchange", "Fact", "FirstView", "Format", "Gain", "Grade", "Graded",
    "GraderStamp", "GradingFailure", "HireBar", "Intent", "KeyPoint", "LevelBar", "Line",
    "LoopRound", "LoopSimulation", "Manner", "Misconception", "MisconceptionReading",
    "MisconceptionSeen", "Move", "MoveKind", "NotAssessed", "Noun", "OtherValid", "PointReading",
    "PointVerdict", "Prompting", "Question", "QuestionReport", "QuestionResult", "Quote",
    "Recommendation", "Reply", "Rival", "Rubric", "Ruling", "Scorecard", "SecondView", "SelfRating",
    "Seniority", "Series", "Setup", "Signal", "SignalReading", "Snapshot", "Stage", "StageBrief",
    "Steer", "StudyPath", "Table", "Tier", "Topic", "Turn", "Twist", "Unanswered", "Undecided",
    "Verdict", "Week", "When", "Work", "contested_in",
]  # fmt: skip
