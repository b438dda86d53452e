"""The eight-week path: it holds the syllabus's counts, and what does not fit together is named."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import ValidationError
from typer.testing import CliRunner

from interviewer.bank_check import check_bank
from interviewer.cli.main import app
from interviewer.consistency import path_inconsistencies
from interviewer.content import content_root, load_bank, load_path
from interviewer.schema import ActivityKind, StudyPath, When

PATH = load_path()
BANK = load_bank()
RUN = CliRunner()
# The syllabus's table: coding problems, concept questions, design problems, stories ready (in all).
WORK_BY_WEEK = {
    1: (12, 5, 0, 0),
    2: (12, 5, 0, 0),
    3: (12, 10, 0, 0),
    4: (12, 5, 4, 3),
    5: (12, 5, 3, 5),
    6: (10, 20, 2, 5),
    7: (10, 30, 3, 8),
    8: (8, 10, 2, 8),
}
HOURS_BY_WEEK = {
    1: (3.5, 5), 2: (3.5, 5), 3: (3.5, 6), 4: (3.5, 6), 5: (4, 6), 6: (4, 6), 7: (4, 6), 8: (3, 5),
}  # fmt: skip
CODING = {
    "arrays and strings": (5, 8, 2),
    "trees and graphs": (3, 9, 3),
    "dynamic programming": (2, 7, 3),
    "sorting and searching": (3, 5, 2),
    "linked lists": (3, 4, 1),
    "heaps and queues": (2, 4, 2),
    "backtracking": (1, 5, 2),
    "design and OOP": (0, 4, 2),
    "maths and bits": (2, 3, 1),
}
EFFORT = {
    "Coding": (30, 60),
    "ML fundamentals": (25, 50),
    "System design": (25, 50),
    "Behavioral": (20, 40),
}
LOOP = {
    "Phone screen": (45, 60),
    "Coding 1": (45, 60),
    "Coding 2, ML coding": (45, 60),
    "ML fundamentals": (45, 60),
    "ML system design": (60, 60),
    "Behavioral": (45, 60),
}


def changed(**changes: Any) -> StudyPath:
    return StudyPath.model_validate({**PATH.model_dump(), **changes})


def with_activity(**changes: Any) -> StudyPath:
    """Return the path with its very first activity changed."""
    weeks = PATH.model_dump()["weeks"]
    first, *rest = weeks[0]["activities"]
    weeks[0]["activities"] = [{**first, **changes}, *rest]
    return changed(weeks=weeks)


def problems(path: StudyPath) -> list[tuple[str, str]]:
    return list(path_inconsistencies(path, BANK.topics, BANK.questions))


def minutes_of(path: StudyPath, rounds: tuple[str, ...]) -> float:
    """Return the minutes that go to these rounds; one of several rounds takes an equal share."""
    return sum(
        a.total_minutes * len(set(a.rounds) & set(rounds)) / len(a.rounds)
        for week in path.weeks
        for a in week.activities
        if a.rounds
    )


def test_each_week_holds_what_the_syllabus_counts() -> None:
    assert {
        week.number: (
            week.work.coding_problems,
            week.work.concept_questions,
            week.work.design_problems,
            PATH.work_until(week.number).stories,
        )
        for week in PATH.weeks
    } == WORK_BY_WEEK


def test_the_whole_path_holds_what_the_syllabus_counts() -> None:
    work = PATH.work
    assert (work.coding_problems, work.concept_questions) == (88, 90)
    assert (work.design_problems, work.stories) == (14, 8)
    assert (work.debugging_scenarios, work.papers) == (5, 3)


def test_days_coding_kinds_effort_and_loop_are_the_syllabus_s() -> None:
    hours = {week.number: (week.weekday_hours, week.weekend_hours) for week in PATH.weeks}
    assert hours == HOURS_BY_WEEK
    assert {c.name: (c.easy, c.medium, c.hard) for c in PATH.coding_problems} == CODING
    assert {e.name: (e.percent, PATH.hours_of(e)) for e in PATH.effort} == EFFORT
    assert {r.name: (r.least_minutes, r.most_minutes) for r in PATH.loop} == LOOP
    assert (len(PATH.simulation.rounds), PATH.simulation.minutes_each) == (4, 45)


def test_the_activities_take_the_hours_and_shares_that_are_promised() -> None:
    everything = tuple({r for effort in PATH.effort for r in effort.rounds})
    practice = minutes_of(PATH, everything)
    assert practice / 60 == pytest.approx(PATH.hours, rel=0.03)
    for effort in PATH.effort:
        percent = 100 * minutes_of(PATH, effort.rounds) / practice
        assert percent == pytest.approx(effort.percent, abs=1), effort.name


def test_what_the_syllabus_sets_for_certain_days_is_there() -> None:
    set_down = {
        (week.number, a.when, a.kind, a.minutes, a.rounds)
        for week in PATH.weeks
        for a in week.activities
    }
    design, coding, loop = ("system_design",), ("coding",), PATH.simulation.rounds
    fundamentals = ("ml_fundamentals",)
    assert {
        (2, When.SUNDAY, ActivityKind.MOCK, 45, coding),
        (3, When.SATURDAY, ActivityKind.MOCK, 45, coding),
        (4, When.SATURDAY, ActivityKind.MOCK, 60, design),
        (5, When.SATURDAY, ActivityKind.MOCK, 45, fundamentals),
        (6, When.SATURDAY, ActivityKind.MOCK, 60, design),
        (6, When.SUNDAY, ActivityKind.RAPID_FIRE, 60, fundamentals),
        (7, When.WEEKDAYS, ActivityKind.MOCK, 90, coding + design),
        (7, When.SUNDAY, ActivityKind.RAPID_FIRE, 60, fundamentals),
        (8, When.WEEKDAYS, ActivityKind.MOCK, 180, loop),
        (8, When.SUNDAY, ActivityKind.REST, 0, ()),
    } <= set_down


def test_every_week_ends_in_questions_of_the_kind_can_you() -> None:
    for week in PATH.weeks:
        assert all(m.startswith("Can you ") and m.endswith("?") for m in week.milestones)


def test_everything_named_is_in_the_bank_and_every_topic_is_practised() -> None:
    assert problems(PATH) == []


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"topics": ["arrays"]}, "'arrays' is no topic of its rounds"),
        ({"topics": ["boosting"]}, "'boosting' is no topic of its rounds"),
        ({"rounds": ["cooking"], "topics": []}, "'cooking' is no round"),
        ({"questions": ["fraud_detection"]}, "'fraud_detection' is no question of its rounds"),
    ],
)
def test_a_name_that_dangles_is_told_with_its_week(changes: dict[str, Any], message: str) -> None:
    ((key, problem),) = problems(with_activity(**changes))
    assert key.startswith("weeks[1].activities[0]")
    assert message in problem


def test_a_topic_that_no_week_practises_is_named() -> None:
    topics = {**BANK.topics, "gnns": BANK.topics["cnn"].model_copy(update={"id": "gnns"})}
    ((_, problem),) = path_inconsistencies(PATH, topics, BANK.questions)
    assert problem.startswith("no week practises gnns")


def test_activities_must_fit_into_their_days() -> None:
    with pytest.raises(ValidationError, match="week 1, weekdays: 1600 minutes of activities, 1050"):
        with_activity(minutes=200)


def test_totals_that_disagree_are_told() -> None:
    with pytest.raises(ValidationError, match="coding_problems are 15, in the weeks 88"):
        changed(coding_problems=PATH.model_dump()["coding_problems"][:1])
    with pytest.raises(ValidationError, match="effort adds up to 30 percent"):
        changed(effort=PATH.model_dump()["effort"][:1])
    with pytest.raises(ValidationError, match="numbered 1, 2, 3"):
        changed(weeks=PATH.model_dump()["weeks"][1:])


def test_a_round_that_may_end_before_it_began_is_told() -> None:
    first, *others = PATH.model_dump()["loop"]
    turned = first | {"least_minutes": 60, "most_minutes": 45}
    with pytest.raises(ValidationError, match="least_minutes 60 are more than most_minutes 45"):
        changed(loop=[turned, *others])
    assert changed(loop=[first | {"least_minutes": 45, "most_minutes": 45}, *others])


def test_bank_check_reads_the_path_too(tmp_path: Path) -> None:
    (tmp_path / "question_bank").mkdir()
    file = tmp_path / "question_bank" / "path.yaml"
    raw = yaml.safe_load((content_root() / "question_bank" / "path.yaml").read_text())
    raw["weeks"][0]["weekday_hours"] = 25
    file.write_text(yaml.safe_dump(raw))
    assert any(p.path == str(file) and "weekday_hours" in p.key for p in check_bank(tmp_path))


def test_the_command_shows_all_weeks_or_one() -> None:
    shown = RUN.invoke(app, ["bank", "path"]).stdout
    assert all(week.theme in shown for week in PATH.weeks)
    assert next(line for line in shown.splitlines() if line.startswith("all")).split() == [
        "all", "88", "90", "14", "8",
    ]  # fmt: skip
    week = RUN.invoke(app, ["bank", "path", "--week", "6"]).stdout
    assert "Twenty concept questions in an hour." in week
    assert PATH.weeks[5].milestones[0] in week


def test_the_command_as_json_is_the_path_itself() -> None:
    told = json.loads(RUN.invoke(app, ["bank", "path", "--json"]).stdout)
    assert StudyPath.model_validate(told) == PATH


def test_a_week_that_is_not_there_is_one_sentence() -> None:
    result = RUN.invoke(app, ["bank", "path", "--week", "9"])
    assert result.exit_code == 1
    assert result.stderr == "interviewer: no such week; use 1 to 8\n"
