"""`bank path`: the eight weeks, what is done by when, or one week in full."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from interviewer.cli import AsJson, plain_errors

if TYPE_CHECKING:
    from interviewer.schema import Activity, StudyPath, Week, When


def path(
    week_number: Annotated[
        int | None, typer.Option("--week", help="One week, with its activities.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Show the eight weeks of the preparation path, or one of them in full."""
    from interviewer.content import load_path

    with plain_errors():
        found = load_path()
    weeks = [week for week in found.weeks if week_number in (None, week.number)]
    if not weeks:
        typer.echo(f"interviewer: no such week; use 1 to {len(found.weeks)}", err=True)
        raise typer.Exit(1)
    shown = found if week_number is None else weeks[0]
    if as_json:
        typer.echo(json.dumps(shown.model_dump(mode="json"), indent=2))
        return
    lines = _path_lines(found) if week_number is None else _week_lines(weeks[0])
    typer.echo("\n".join(lines))


def _path_lines(path: StudyPath) -> Iterator[str]:
    shares = ", ".join(f"{e.name} {e.percent}% ({path.hours_of(e):.0f} h)" for e in path.effort)
    yield f"About {path.hours} hours of practice: {shares}.\n"
    yield _weeks_table(path)
    yield "\nThe loop:"
    for step in path.loop:
        least, most = step.least_minutes, step.most_minutes
        minutes = f"{least}" if least == most else f"{least} to {most}"
        yield f"  {step.name}, {minutes} min. {step.tests}"
    yield "\nCoding problems, easy / medium / hard:"
    for c in path.coding_problems:
        yield f"  {c.name} {c.easy}/{c.medium}/{c.hard}"
    yield f"\n`interviewer bank path --week N` (1 to {len(path.weeks)}) shows a week's activities."


def _weeks_table(path: StudyPath) -> str:
    from interviewer.schema import Table
    from interviewer.tables import table_aligned

    rows = [_week_row(path, week) for week in path.weeks]
    work = path.work
    done = (work.coding_problems, work.concept_questions, work.design_problems, work.stories)
    columns = ("week", "theme", "hours a day", "coding", "concepts", "design", "stories ready")
    return table_aligned(Table(columns=columns, rows=(*rows, ("all", "", "", *done))))


def _week_row(path: StudyPath, week: Week) -> tuple[str | int, ...]:
    work = week.work
    return (
        str(week.number),
        week.theme,
        f"{week.weekday_hours:g} / {week.weekend_hours:g}",
        work.coding_problems,
        work.concept_questions,
        work.design_problems,
        path.work_until(week.number).stories,
    )


def _week_lines(week: Week) -> Iterator[str]:
    from interviewer.schema import When

    yield f"Week {week.number}. {week.theme}"
    for when in When:
        yield f"\n{_heading(week, when)}"
        yield from (_activity_line(a) for a in week.activities if a.when is when)
    yield "\nAt the end of the week:"
    yield from (f"  {milestone}" for milestone in week.milestones)


def _heading(week: Week, when: When) -> str:
    from interviewer.schema import When

    hours = week.weekday_hours if when is When.WEEKDAYS else week.weekend_hours
    return f"{when.value.capitalize()}, up to {hours:g} hours{' a day' * (when is When.WEEKDAYS)}"


def _activity_line(activity: Activity) -> str:
    kind = activity.kind.value.replace("_", " ")
    if not activity.minutes:
        return f"  {'':10}  {kind}: {activity.what}"
    taken = f"{activity.times} x {activity.minutes} min" if activity.times > 1 else ""
    taken = taken or f"{activity.minutes} min"
    return f"  {taken:>10}  {kind}: {activity.what}"
