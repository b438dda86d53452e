"""The command line: instant help, plain errors, counts, search, grading a file."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from interviewer.cli.main import app
from tests.interviewed import SECOND, Finished, about

RUN = CliRunner()


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys\n"
        "from typer.testing import CliRunner\n"
        "from interviewer.cli.main import app\n"
        "assert CliRunner().invoke(app, ['--help']).exit_code == 0\n"
        "heavy = {'gradio', 'chromadb', 'onnxruntime', 'langchain', 'openai', 'sqlalchemy', 'numpy'}\n"
        "print(sorted(heavy & set(sys.modules)))\n"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


def test_stats_count_what_is_there() -> None:
    stats = json.loads(RUN.invoke(app, ["bank", "stats", "--json"]).stdout)
    assert stats["rounds"]["ml_fundamentals"]["questions"] >= 30
    assert stats["rounds"]["system_design"]["facts"] >= 4 * 8


def test_search_finds_jargon_by_its_other_name_and_says_which_word_nothing_has() -> None:
    result = RUN.invoke(
        app, ["bank", "search", "weight decay against k8s lasso", "--json", "--limit", "5"]
    )
    assert any(hit["question_id"] == "l1_versus_l2" for hit in json.loads(result.stdout))
    assert result.stderr.startswith("Nothing in the bank has the word “k8s”: what follows is")


def test_check_names_what_is_wrong_and_fails(tmp_path: Path) -> None:
    nothing = RUN.invoke(app, ["bank", "check", "--root", str(tmp_path)])
    assert f"{tmp_path}: (folder): has no question_bank/; name the folder" in nothing.stderr
    (tmp_path / "question_bank").mkdir()
    (tmp_path / "rubrics").mkdir()
    (tmp_path / "rubrics" / "broken.yaml").write_text("round: [")
    result = RUN.invoke(app, ["bank", "check", "--root", str(tmp_path)])
    assert result.exit_code == 1
    assert "broken.yaml" in result.stderr


def test_an_unknown_session_is_one_sentence() -> None:
    result = RUN.invoke(app, ["sessions", "show", "nope"])
    assert result.exit_code == 1
    assert (
        result.stderr
        == "interviewer: No session 'nope'. `interviewer sessions list` shows yours.\n"
    )


def test_an_unknown_round_names_the_rounds() -> None:
    result = RUN.invoke(app, ["practice", "cooking", "--answers", __file__])
    assert result.exit_code == 1
    assert "ml_fundamentals" in result.stderr


def test_grade_goes_on_after_bad_rows_and_keeps_the_order(tmp_path: Path) -> None:
    source, target = tmp_path / "items.jsonl", tmp_path / "grades.jsonl"
    good = {
        "id": "a",
        "question": "What does dropout do?",
        "reference": "Dropout switches off random units during training, which acts as regularisation.",
        "answer": "During training it randomly turns off units, so it regularises the network.",
    }
    empty = {**good, "id": "c", "answer": ""}
    source.write_text("\n".join([json.dumps(good), "{nonsense", json.dumps(empty)]))
    result = RUN.invoke(app, ["grade", "--input", str(source), "--output", str(target)])
    assert result.exit_code == 0, result.output
    rows = [json.loads(line) for line in target.read_text().splitlines()]
    assert [(r["id"], r["status"]) for r in rows] == [
        ("a", "graded"),
        (None, "failed"),
        ("c", "graded"),
    ]
    assert rows[0]["score"] > rows[2]["score"] == 0
    assert rows[1]["score"] is None
    for point in rows[0]["key_points"]:
        if evidence := point["evidence"]:
            assert good["answer"][evidence["start"] : evidence["end"]] == evidence["quote"]


def test_grade_survives_rows_that_hide_traps(tmp_path: Path) -> None:
    source, target = tmp_path / "items.jsonl", tmp_path / "grades.jsonl"
    rows: list[dict[str, object]] = [
        {"id": "dots", "question": "q", "reference": "...", "answer": "some answer or other"},
        {"id": "half", "question": "q", "reference": "Dropout zeroes units.", "answer": "\ud800"},
        {"id": "lines", "question": "q", "reference": "Dropout zeroes units.", "answer": "a\u2028b"},
        {"id": "bread", "question": "q", "key_points": ["Dropout zeroes units."],
         "answer": "My grandmother bakes bread."},
    ]  # fmt: skip
    lines = [json.dumps(row, ensure_ascii="half" in row.values()) for row in rows]
    source.write_text("\ufeff" + "\n".join(lines), encoding="utf-8")
    assert (
        RUN.invoke(app, ["grade", "--input", str(source), "--output", str(target)]).exit_code == 0
    )
    grades = [json.loads(line) for line in target.read_text().split("\n") if line]
    assert [(g["id"], g["status"]) for g in grades] == [
        ("dots", "failed"),
        ("half", "failed"),
        ("lines", "graded"),
        ("bread", "graded"),
    ]
    assert grades[3]["score"] == 0


def test_files_that_cannot_be_read_or_written_are_one_sentence(tmp_path: Path) -> None:
    bad = tmp_path / "latin.txt"
    bad.write_bytes(b"caf\xe9")
    result = RUN.invoke(app, ["practice", "ml_fundamentals", "--answers", str(bad)])
    assert result.exit_code == 1
    assert "not UTF-8" in result.stderr
    assert "No sessions yet" in RUN.invoke(app, ["sessions", "list"]).stdout
    missing = tmp_path / "no" / "folder.jsonl"
    result = RUN.invoke(app, ["grade", "--input", str(bad), "--output", str(missing)])
    assert result.exit_code == 1
    assert "No such file" in result.stderr


def test_two_programs_may_start_on_a_new_home_at_once() -> None:
    command = [sys.executable, "-m", "interviewer", "sessions", "list"]
    both = [subprocess.Popen(command, stdout=subprocess.DEVNULL) for _ in range(3)]
    assert [process.wait(60) for process in both] == [0, 0, 0]


def test_an_unknown_round_in_a_search_names_the_rounds() -> None:
    result = RUN.invoke(app, ["bank", "search", "bias", "--round", "nope"])
    assert result.exit_code == 1
    assert "ml_fundamentals" in result.stderr


def test_the_list_of_sessions_says_what_it_leaves_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    finished = Finished(tmp_path)
    finished.another("s2")
    monkeypatch.setenv("INTERVIEWER_DATABASE_URL", finished.url)
    some = RUN.invoke(app, ["sessions", "list", "--limit", "1", "--json"])
    assert len(json.loads(some.stdout)) == 1
    assert some.stderr == "The latest 1 of 2; --limit 2 lists all.\n"
    every = RUN.invoke(app, ["sessions", "list"])
    assert (len(every.stdout.splitlines()), every.stderr) == (2, "")


def test_a_topic_that_is_not_there_names_near_ones() -> None:
    result = RUN.invoke(app, ["practice", "ml_fundamentals", "--topic", "regularizaton"])
    assert result.exit_code == 1
    assert "regularisation" in result.stderr
    assert "`interviewer bank coverage` lists all topics" in result.stderr


def test_contested_cases_are_written_a_line_each_and_hold_no_secret(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "cases.jsonl"
    none = RUN.invoke(app, ["sessions", "contests", "--output", str(target)])
    assert "Nothing was contested yet" in none.stderr
    assert target.read_text() == ""
    finished = Finished(tmp_path)
    finished.grade_book.scorecard(finished.id)
    finished.contests.add(finished.id, about("exact_zeros"), SECOND, "Look again.")
    monkeypatch.setenv("INTERVIEWER_DATABASE_URL", finished.url)
    monkeypatch.setenv("OPENAI_API_KEY", "sk-very-secret")
    result = RUN.invoke(app, ["sessions", "contests", "--output", str(target)])
    assert "1 contested cases" in result.stdout
    (line,) = target.read_text(encoding="utf-8").splitlines()
    row = json.loads(line)
    assert (row["quote"], row["comment"], row["second"]) == (SECOND, "Look again.", None)
    assert row["first"]["verdict"] == "not_met"
    assert "secret" not in line.lower()
    assert RUN.invoke(app, ["sessions", "contests"]).stdout == line + "\n"
    shown = RUN.invoke(app, ["sessions", "show", finished.id]).stdout
    assert "*Contested. Second view:* No model is configured" in shown
    assert "*Why:*" in shown


def test_a_question_is_reported_and_the_reports_are_listed() -> None:
    assert "No question was reported" in RUN.invoke(app, ["bank", "reports"]).stdout
    kept = RUN.invoke(app, ["bank", "report", "l1_versus_l2", "The probe gives it away."])
    assert kept.exit_code == 0
    (row,) = json.loads(RUN.invoke(app, ["bank", "reports", "--json"]).stdout)
    assert (row["question_id"], row["note"]) == ("l1_versus_l2", "The probe gives it away.")
    assert row["question_hash"]
    assert row["session_id"] is None
    assert "The probe gives it away." in RUN.invoke(app, ["bank", "reports"]).stdout


@pytest.mark.parametrize(
    ("question_id", "note", "problem"),
    [
        ("l1_versus_l2", " ", "the note is empty"),
        ("l1_versus_l2", "x" * 3000, "2000 are the most"),
        ("no_such", "A note.", "No question 'no_such'"),
    ],
)
def test_a_report_that_cannot_be_kept_is_one_sentence(
    question_id: str, note: str, problem: str
) -> None:
    result = RUN.invoke(app, ["bank", "report", question_id, note])
    assert result.exit_code == 1
    assert problem in result.stderr


def test_at_a_terminal_the_own_rating_is_asked_before_the_score(tmp_path: Path) -> None:
    typed = "L1 makes many weights exactly zero.\n\nfinish\n\nlots\n130\n70\n"
    said = at_a_terminal(
        tmp_path, "practice", "ml_fundamentals", "--question", "l1_versus_l2", typed
    )
    asked, shown = said.index("what would you give yourself"), said.index("of 100")
    assert asked < shown
    assert "That is no number." in said
    assert "Rate yourself from 0 to 100" in said
    assert "You expected 70: " in said


def at_a_terminal(folder: Path, *arguments: str) -> str:
    """Run the command on a terminal, type the last argument, return all that was shown."""
    *command, typed = arguments
    here, there = pty.openpty()
    run = [sys.executable, "-m", "interviewer", *command]
    os.write(here, typed.encode())
    done = subprocess.run(
        run,
        cwd=folder,
        stdin=there,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=True,
        timeout=120,
    )
    os.close(here)
    os.close(there)
    return done.stdout
