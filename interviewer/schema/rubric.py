"""The nouns of a rubric: criteria, signals, thresholds and what a round may do. All values are data."""

from __future__ import annotations

from typing import Self

from pydantic import Field, model_validator

from interviewer.schema.base import Id, Noun, Seniority, Text, Unit


class Anchor(Noun):
    """What one level of a criterion looks like, with an example."""

    level: int = Field(ge=1, le=5)
    text: Text
    example: Text


class Criterion(Noun):
    """One thing that is scored. `points_needed` is the worth that earns full marks, per question.

    None means all of the question's points of this criterion; a number may be less than all.
    """

    id: Id
    name: Text
    description: Text
    weight: float = Field(gt=0, le=1)
    core: bool = False
    points_needed: int | None = Field(default=None, ge=1)
    anchors: tuple[Anchor, ...] = Field(min_length=5, max_length=5)

    @model_validator(mode="after")
    def _levels_in_order(self) -> Self:
        if [anchor.level for anchor in self.anchors] != [1, 2, 3, 4, 5]:
            raise ValueError("anchors must be for levels 1 to 5, in order")
        return self


class Signal(Noun):
    """A yes/no observation, for what key points cannot hold. `offline`: the offline grader sees it."""

    id: Id
    criterion: Id
    question: Text
    offline: bool = False


class Stage(Noun):
    """One stage of a staged round, with the share of the round's minutes it may take."""

    id: Id
    name: Text
    minutes: float = Field(gt=0)


class Credit(Noun):
    """What a point is worth by verdict and by what came before it (0..1)."""

    partly: Unit = 0.5
    probed: Unit = 0.85
    hinted: Unit = 0.5
    contradiction_penalty: Unit = 0.25
    misconception_penalty: Unit = 0.15


class LevelBar(Noun):
    """Shares of points that each level asks for, per seniority."""

    half_of_core: Unit = 0.5
    all_core: Unit = 1.0
    some_strong: Unit = 0.5
    most_strong: Unit = 0.75
    exceptional_points: int = Field(default=1, ge=0)
    mostly_unprompted: Unit = 0.6


class HireBar(Noun):
    """Lowest overall percent for each recommendation above Strong No Hire."""

    no_hire: float
    lean_no: float
    lean_hire: float
    hire: float
    strong_hire: float

    @model_validator(mode="after")
    def _rising(self) -> Self:
        bars = [self.no_hire, self.lean_no, self.lean_hire, self.hire, self.strong_hire]
        if bars != sorted(bars) or not 0 <= bars[0] <= bars[-1] <= 100:
            raise ValueError("bars must rise from no_hire to strong_hire within 0..100")
        return self


class Rubric(Noun):
    """How one round is run and scored."""

    round: Id
    name: Text
    description: Text
    version: int = Field(ge=1)
    minutes: int = Field(gt=0)
    minutes_per_question: float = Field(gt=0)
    follow_ups: int = Field(ge=0)
    stages: tuple[Stage, ...] = ()
    reveals_facts: bool = False
    throws_twists: bool = False
    reads_stories: bool = False
    closing_minutes: float = Field(default=3, ge=0)
    criteria: tuple[Criterion, ...] = Field(min_length=2)
    signals: tuple[Signal, ...] = ()
    credit: Credit = Credit()
    levels: dict[Seniority, LevelBar]
    hire: dict[Seniority, HireBar]
    minimum_graded_share: Unit = 0.7

    @model_validator(mode="after")
    def _complete(self) -> Self:
        total = sum(criterion.weight for criterion in self.criteria)
        if abs(total - 1.0) > 1e-6:
            raise ValueError(f"criterion weights must add up to 1, not {total:.3f}")
        for name, table in (("levels", self.levels), ("hire", self.hire)):
            missing = [seniority.value for seniority in Seniority if seniority not in table]
            if missing:
                raise ValueError(f"{name} lacks {', '.join(missing)}")
        return self

    def criterion(self, criterion_id: str) -> Criterion:
        """Return one criterion. Raise KeyError for an unknown id."""
        for criterion in self.criteria:
            if criterion.id == criterion_id:
                return criterion
        raise KeyError(criterion_id)
