"""What a grader is: one method, from an exchange to a grade. Knows no implementation."""

from __future__ import annotations

from typing import Protocol

from interviewer.schema import Exchange, Grade, GraderStamp, Rubric


class Grader(Protocol):
    """Reads one exchange and grades it. Never raises for a bad answer or a broken model."""

    @property
    def stamp(self) -> GraderStamp:
        """Return what made the grade: name, version, model, prompt hash."""
        ...

    def grade(self, exchange: Exchange, rubric: Rubric) -> Grade:
        """Return a grade of any status; every quote in it is verbatim."""
        ...
