"""The nouns of the question bank: a question with its key points, facts, twists and causes.

Pure data: cross-checks that need the rubric or the topics live in `content`.
"""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from interviewer.schema.base import Difficulty, Id, Noun, Seniority, Text, Tier


class KeyPoint(Noun):
    """One idea of a strong answer, checkable alone.

    `right` and `wrong` hold the same idea said well and said falsely, at least one of each in
    plain words and one in the field's words, so that word overlap alone says nothing. `any_of`
    names a group in which the best member counts and the others are not missed. `signal` names a
    rubric signal that reads this point from the structure of a story instead of from wordings.
    """

    id: Id
    claim: Text
    criterion: Id
    tier: Tier = Tier.CORE
    stage: Id | None = None
    right: tuple[Text, ...] = Field(min_length=2)
    wrong: tuple[Text, ...] = Field(min_length=2)
    synonyms: tuple[Text, ...] = ()
    probe: Text
    any_of: Id | None = None
    signal: Id | None = None


class Misconception(Noun):
    """A false claim that costs; `challenge` questions it without saying that it is false."""

    id: Id
    claim: Text
    wordings: tuple[Text, ...] = Field(min_length=2)
    correction: Text
    challenge: Text
    key_point: Id | None = None


class Table(Noun):
    """A small table to show in the chat. Every row has one cell per column."""

    columns: tuple[Text, ...] = Field(min_length=2)
    rows: tuple[tuple[str | int | float, ...], ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _rows_fit(self) -> Self:
        if any(len(row) != len(self.columns) for row in self.rows):
            raise ValueError(f"every row needs {len(self.columns)} cells, one per column")
        return self


class Line(Noun):
    name: Text
    y: tuple[float, ...] = Field(min_length=2)


class Series(Noun):
    """Lines to plot over one shared x axis."""

    x_label: Text
    y_label: Text
    x: tuple[str | int | float, ...] = Field(min_length=2)
    lines: tuple[Line, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _lines_fit(self) -> Self:
        if any(len(line.y) != len(self.x) for line in self.lines):
            raise ValueError(f"every line needs {len(self.x)} values, one per x")
        return self


class Fact(Noun):
    """What the interviewer tells only when asked.

    `asks` are ways a candidate may ask for it. `credits` names the key point that asking for this
    fact meets, if asking is itself the idea.
    """

    id: Id
    asks: tuple[Text, ...] = Field(min_length=2)
    text: Text
    table: Table | None = None
    series: Series | None = None
    stage: Id | None = None
    credits: Id | None = None


class Twist(Noun):
    """A change of requirements thrown in when time allows; `stage` is where it belongs."""

    id: Id
    text: Text
    stage: Id | None = None
    listen_for: Text


class StageBrief(Noun):
    """How the interviewer opens one stage of a staged question, and its hints, gentle to strong."""

    id: Id
    opening: Text
    hints: tuple[Text, ...] = Field(min_length=2)


class Rival(Noun):
    """A plausible wrong cause and the fact that rules it out."""

    claim: Text
    ruled_out_by: Id
    because: Text


class Diagnosis(Noun):
    """What a debugging scenario hides."""

    root_cause: Text
    fix: Text
    prevention: Text
    rivals: tuple[Rival, ...] = Field(min_length=2)
    red_herrings: tuple[Text, ...] = Field(min_length=1)


Kind = Literal["explain", "compare", "derive", "what_if", "choose", "estimate", "paper"]


class Question(Noun):
    """One item of the bank. `recall` are other wordings of the prompt, for coming back to it.

    `staff` is what a staff engineer adds to what a senior one says, in a round with stages.
    """

    id: Id
    round: Id
    topic: Id
    title: Text
    prompt: Text
    difficulty: Difficulty
    seniority: tuple[Seniority, ...] = tuple(Seniority)
    kind: Kind | None = None
    tags: tuple[Text, ...] = ()
    recall: tuple[Text, ...] = ()
    reference: Text
    staff: Text | None = None
    key_points: tuple[KeyPoint, ...] = Field(min_length=1)
    misconceptions: tuple[Misconception, ...] = ()
    hints: tuple[Text, ...] = ()
    facts: tuple[Fact, ...] = ()
    stages: tuple[StageBrief, ...] = ()
    twists: tuple[Twist, ...] = ()
    diagnosis: Diagnosis | None = None
    sources: tuple[Text, ...] = ()

    def points_of(self, stage: str | None) -> tuple[KeyPoint, ...]:
        """Return the key points of one stage; all of them when `stage` is None."""
        return tuple(p for p in self.key_points if stage is None or p.stage == stage)

    def hints_of(self, stage: str | None) -> tuple[str, ...]:
        """Return the hints, gentle to strong, of one stage or of an unstaged question."""
        return next((brief.hints for brief in self.stages if brief.id == stage), self.hints)


class Topic(Noun):
    """A topic of the syllabus; `coding` topics are kept for the coding rounds to come."""

    id: Id
    name: Text
    round: Id
    covers: tuple[Text, ...] = ()


class Reply(Noun):
    """An authored answer to a question that candidates ask at the end."""

    id: Id
    asks: tuple[Text, ...] = Field(min_length=2)
    text: Text
