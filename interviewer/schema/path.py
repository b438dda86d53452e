"""The eight-week path: weeks of activities, the loop they prepare for, and what is done by when.

Totals are sums over activities and never typed beside them. Whether the named rounds, topics and
questions exist is checked in `consistency`.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, model_validator

from interviewer.schema.base import Id, Noun, Text

Count = Annotated[int, Field(ge=0)]
Hours = Annotated[float, Field(ge=0, le=24)]
_WORKING_DAYS = 5


class ActivityKind(StrEnum):
    CODING = "coding"
    CONCEPTS = "concepts"
    DESIGN = "design"
    STORIES = "stories"
    DEBUGGING = "debugging"
    PAPERS = "papers"
    PROJECT = "project"
    MOCK = "mock"
    RAPID_FIRE = "rapid_fire"
    REVIEW = "review"
    REST = "rest"


class When(StrEnum):
    """The part of the week an activity belongs to; on weekdays, which days is the candidate's choice."""

    WEEKDAYS = "weekdays"
    SATURDAY = "saturday"
    SUNDAY = "sunday"


class Work(Noun):
    """What gets done, in the units the path counts; `stories` are the ones newly ready."""

    coding_problems: Count = 0
    concept_questions: Count = 0
    design_problems: Count = 0
    debugging_scenarios: Count = 0
    papers: Count = 0
    stories: Count = 0

    @classmethod
    def total(cls, works: Iterable[Work]) -> Work:
        """Return the sum of several, unit by unit."""
        kept = list(works)
        return cls(**{unit: sum(getattr(w, unit) for w in kept) for unit in cls.model_fields})


class Activity(Noun):
    """Something to do `times` in a week, `minutes` each; `work` is all of it together.

    `topics` narrow the rounds it practises, `questions` are the ones it is meant for.
    """

    kind: ActivityKind
    when: When
    times: int = Field(default=1, ge=1, le=_WORKING_DAYS)
    minutes: Count
    what: Text
    rounds: tuple[Id, ...] = ()
    topics: tuple[Id, ...] = ()
    questions: tuple[Id, ...] = ()
    work: Work = Work()

    @property
    def total_minutes(self) -> int:
        return self.times * self.minutes


class Week(Noun):
    """A week of the path. Hours are those of one day; the activities fit into them."""

    number: int = Field(ge=1)
    theme: Text
    weekday_hours: Hours
    weekend_hours: Hours
    activities: tuple[Activity, ...] = Field(min_length=1)
    milestones: tuple[Text, ...] = Field(min_length=1)

    @property
    def work(self) -> Work:
        return Work.total(activity.work for activity in self.activities)

    def hours_on(self, when: When) -> float:
        """Return how many hours there are: of all weekdays together, or of one weekend day."""
        weekdays = when is When.WEEKDAYS
        return _WORKING_DAYS * self.weekday_hours if weekdays else self.weekend_hours

    @model_validator(mode="after")
    def _activities_fit(self) -> Self:
        for when in When:
            taken = sum(a.total_minutes for a in self.activities if a.when is when)
            if taken > (there := round(60 * self.hours_on(when))):
                raise ValueError(
                    f"week {self.number}, {when}: {taken} minutes of activities, {there} there"
                )
        return self


class LoopRound(Noun):
    """One round of the interview loop, and the rounds and topics of the bank that practise it."""

    name: Text
    least_minutes: int = Field(gt=0)
    most_minutes: int = Field(gt=0)
    tests: Text
    rounds: tuple[Id, ...] = Field(min_length=1)
    topics: tuple[Id, ...] = ()

    @model_validator(mode="after")
    def _minutes_in_order(self) -> Self:
        if self.least_minutes > self.most_minutes:
            raise ValueError(
                f"least_minutes {self.least_minutes} are more than most_minutes {self.most_minutes}; "
                "exchange them"
            )
        return self


class LoopSimulation(Noun):
    """A whole loop in one go, with what the debrief asks."""

    rounds: tuple[Id, ...] = Field(min_length=2)
    minutes_each: int = Field(gt=0)
    debrief: tuple[Text, ...] = Field(min_length=1)


class Effort(Noun):
    """A share of the path's hours, and the rounds it goes to."""

    name: Text
    percent: int = Field(gt=0, le=100)
    rounds: tuple[Id, ...] = Field(min_length=1)


class CodingCategory(Noun):
    """How many coding problems of a kind there are, by difficulty."""

    name: Text
    easy: Count
    medium: Count
    hard: Count

    @property
    def total(self) -> int:
        return self.easy + self.medium + self.hard


class StudyPath(Noun):
    """The whole path. `hours` are those of practice; review and rest come on top."""

    hours: int = Field(gt=0)
    effort: tuple[Effort, ...]
    loop: tuple[LoopRound, ...]
    simulation: LoopSimulation
    coding_problems: tuple[CodingCategory, ...]
    weeks: tuple[Week, ...] = Field(min_length=1)

    @property
    def work(self) -> Work:
        return self.work_until(len(self.weeks))

    def work_until(self, week_number: int) -> Work:
        """Return what is done by the end of a week, the weeks before it included."""
        return Work.total(week.work for week in self.weeks[:week_number])

    def hours_of(self, effort: Effort) -> float:
        return self.hours * effort.percent / 100

    @model_validator(mode="after")
    def _adds_up(self) -> Self:
        if [week.number for week in self.weeks] != list(range(1, len(self.weeks) + 1)):
            raise ValueError("weeks must be numbered 1, 2, 3 ... in order")
        if (percent := sum(effort.percent for effort in self.effort)) != 100:
            raise ValueError(f"effort adds up to {percent} percent; make it 100")
        in_kinds = sum(category.total for category in self.coding_problems)
        if in_kinds != (in_weeks := self.work.coding_problems):
            raise ValueError(
                f"coding_problems are {in_kinds}, in the weeks {in_weeks}; make them agree"
            )
        return self
