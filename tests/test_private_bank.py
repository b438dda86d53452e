"""Questions of the user's own: merged into the bank, checked as it is, drafts kept apart."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner

from evals.answers import interview_answers
from interviewer.authoring.drafts import Draft, check_private
from interviewer.cli.main import app
from interviewer.config import load_settings
from interviewer.content import content_root, load_bank, with_private
from interviewer.embedding import Embedder
from interviewer.errors import ContentError
from interviewer.retrieval import open_index
from interviewer.schema import Setup
from interviewer.session import open_sessions
from interviewer.ui.bank_tab import question_hits

RUN = CliRunner()
EMBEDDER = Embedder()
SMALL = load_bank()._replace(questions={"l1_versus_l2": load_bank().questions["l1_versus_l2"]})
BUILTIN = content_root() / "question_bank" / "ml_fundamentals" / "regularisation.yaml"


@pytest.fixture
def private(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder with one question of the user's, set as INTERVIEWER_BANK."""
    folder = tmp_path / "mine"
    write(folder / "ml_fundamentals" / "zebras.yaml", own_question())
    monkeypatch.setenv("INTERVIEWER_BANK", str(folder))
    return folder


def own_question(**changes: Any) -> dict[str, Any]:
    question: dict[str, Any] = yaml.safe_load(BUILTIN.read_text())["questions"][0]
    return question | {"id": "zebra_penalty", "prompt": "What is the zebra penalty?"} | changes


def other_question(**changes: Any) -> dict[str, Any]:
    """Return a question of the built-in bank that `SMALL` does not have."""
    question: dict[str, Any] = yaml.safe_load(BUILTIN.read_text())["questions"][1]
    return question | {"id": "done"} | changes


def write(path: Path, *questions: dict[str, Any], topic: str = "regularisation") -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(yaml.safe_dump({"topic": topic, "questions": list(questions)}))


def found(private: Path) -> tuple[str, list[Draft]]:
    """Check a user's folder beside a built-in bank of one question; return problems and drafts."""
    problems, drafts = check_private(SMALL, content_root(), private, EMBEDDER)
    return "\n".join(map(str, problems)), drafts


def test_own_questions_are_asked_counted_and_searched(private: Path) -> None:
    sessions = open_sessions(load_settings())
    setup = Setup(round="ml_fundamentals", question_id="zebra_penalty")
    record = sessions.view(sessions.start(setup)).record
    assert [q.id for q in record.snapshot.questions] == ["zebra_penalty"]
    assert "zebra_penalty" in {q.id for q in question_hits(sessions, "", "ml_fundamentals")}
    index = open_index(with_private(SMALL, content_root(), private)[0], EMBEDDER, None)
    assert index.search("zebra penalty", kinds=("question",))[0].id == "zebra_penalty"
    counts = json.loads(RUN.invoke(app, ["bank", "stats", "--json"]).stdout)["rounds"]
    own = counts["ml_fundamentals"]["questions"] - len(load_bank().of_round("ml_fundamentals"))
    assert own == 1


def test_own_questions_may_have_topics_of_their_own(private: Path) -> None:
    topics = {"topics": [{"id": "stripes", "name": "Stripes", "round": "ml_fundamentals"}]}
    (private / "topics.yaml").write_text(yaml.safe_dump(topics))
    write(private / "ml_fundamentals" / "stripes.yaml", own_question(id="stripe"), topic="stripes")
    bank = load_bank(private=private)
    assert bank.topics["stripes"].name == "Stripes"
    assert bank.questions["stripe"].topic == "stripes"


def test_evals_never_see_them(private: Path) -> None:
    assert "zebra_penalty" not in load_bank().questions
    asked = {answer.question.id for answer in interview_answers() if answer.question}
    assert asked
    assert asked <= set(load_bank().questions)


def test_an_id_of_the_built_in_bank_is_refused_with_both_files(private: Path) -> None:
    path = private / "ml_fundamentals" / "twin.yaml"
    write(path, own_question(id="l1_versus_l2"))
    with pytest.raises(ContentError, match="used twice") as caught:
        load_bank(private=private)
    assert str(path) in str(caught.value)
    assert str(BUILTIN) in str(caught.value)


@pytest.mark.parametrize(
    ("name", "text", "problem"),
    [
        ("ml_fundamentals/bad.yaml", "topic: [", "bad.yaml: (file): is not valid YAML: line "),
        ("ml_fundamentals/bad.yaml", "topic: a\ntopic: b", "line 2, column 1: the key 'topic' is"),
        ("ml_fundamentals/bad.yaml/x.txt", "", "bad.yaml: (file): cannot be read (Is a directory)"),
        ("ml_fundamentals/more/bad.yaml", "topic: x", "bad.yaml: (file): is not read"),
        ("ml_fundamentals/bad.yml", "topic: x", "bad.yml: (file): is not read"),
        ("questions.yaml", "topic: x", "questions.yaml: (file): is not read"),
        ("drafts/loose.yaml", "topic: x", "loose.yaml: (file): is not read"),
        ("drafts/debugging/bad.yml", "topic: x", "bad.yml: (file): is not read"),
        (
            "topics.yaml",
            "topics: [{id: cnn, name: C, round: debugging}]",
            "cnn: this id is used twice",
        ),
    ],
)
def test_a_broken_file_says_what_where_and_the_way_out(
    private: Path, name: str, text: str, problem: str
) -> None:
    (private / name).parent.mkdir(parents=True, exist_ok=True)
    (private / name).write_text(text)
    started = RUN.invoke(app, ["bank", "stats"])
    assert started.exit_code == 1
    assert problem in started.stderr
    assert problem in found(private)[0]
    assert "unset INTERVIEWER_BANK to start without this folder" in started.stderr


def test_the_bank_knows_the_file_of_each_question(private: Path) -> None:
    files = load_bank(private=private).files
    assert files["zebra_penalty"] == private / "ml_fundamentals" / "zebras.yaml"
    assert files["l1_versus_l2"] == BUILTIN


def test_an_id_used_twice_means_the_built_in_question_until_it_is_renamed(private: Path) -> None:
    write(private / "ml_fundamentals" / "twin.yaml", own_question(id="l1_versus_l2"))
    bank, problems = with_private(load_bank(), content_root(), private)
    assert [problem.key for problem in problems] == ["l1_versus_l2"]
    assert bank.questions["l1_versus_l2"] is load_bank().questions["l1_versus_l2"]
    assert bank.files["l1_versus_l2"] == BUILTIN


def test_a_file_in_the_wrong_place_hides_no_other_problem(private: Path) -> None:
    (private / "loose.yaml").write_text("topic: x")
    write(private / "ml_fundamentals" / "twin.yaml", own_question(id="l1_versus_l2"))
    problems, _ = found(private)
    assert "loose.yaml: (file): is not read" in problems
    assert "l1_versus_l2: this id is used twice" in problems


def test_a_question_in_a_folder_that_is_no_round_names_the_rounds(private: Path) -> None:
    write(private / "cooking" / "soup.yaml", own_question(id="soup"))
    with pytest.raises(ContentError, match=r"'cooking' has no rubrics.*behavioral, debugging"):
        load_bank(private=private)


def test_hidden_files_are_nobody_s_content(private: Path) -> None:
    (private / ".github" / "workflows").mkdir(parents=True)
    (private / ".github" / "workflows" / "check.yml").write_text("on: push")
    assert "zebra_penalty" in load_bank(private=private).questions


def test_text_in_another_encoding_is_refused_and_windows_habits_are_not(private: Path) -> None:
    file = private / "ml_fundamentals" / "zebras.yaml"
    text = file.read_text()
    file.write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    assert "zebra_penalty" in with_private(SMALL, content_root(), private)[0].questions
    file.write_bytes(text.encode("utf-16"))
    assert "zebras.yaml: (file): is not UTF-8 text; save it as UTF-8" in found(private)[0]


@pytest.mark.parametrize(
    "folder", ["nowhere", str(content_root() / "question_bank"), str(content_root())]
)
def test_a_folder_that_cannot_be_the_users_is_named(
    folder: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INTERVIEWER_BANK", folder)
    result = RUN.invoke(app, ["bank", "stats"])
    assert result.exit_code == 1
    assert f"{folder}: (folder): is" in result.stderr


def test_a_leaking_probe_is_found_as_in_the_built_in_bank(private: Path) -> None:
    question = own_question()
    question["key_points"][5]["probe"] = (
        "Would you put features on the same scale before the penalty?"
    )
    write(private / "ml_fundamentals" / "zebras.yaml", question)
    assert "zebras.yaml: zebra_penalty.key_points[scale_features]: its probe" in found(private)[0]
    assert "l1_versus_l2:" not in found(private)[0]


def test_a_draft_is_listed_with_what_is_missing_and_never_asked(private: Path) -> None:
    question = own_question(id="stripe", hints=["<a gentle hint>", "<a strong hint>"])
    path = private / "drafts" / "ml_fundamentals" / "stripes.yaml"
    write(path, question, other_question(), own_question(id="short", hints=["One."]))
    _, drafts = found(private)
    assert [(d.path, d.question, d.missing, d.wrong) for d in drafts] == [
        (path, "stripe", "hints", ()),
        (path, "done", "", ()),
        (path, "short", "", ("short.hints: has 1; needs at least 2",)),
    ]
    assert [draft.complete for draft in drafts] == [False, True, False]
    assert not {"stripe", "done", "short"} & set(load_bank(private=private).questions)


def test_a_draft_counts_as_complete_only_if_it_would_pass(private: Path) -> None:
    folder = private / "drafts" / "ml_fundamentals"
    telling = other_question(id="telling")
    telling["key_points"][0]["probe"] = telling["key_points"][0]["claim"]
    write(folder / "a.yaml", other_question(), telling, other_question())
    write(folder / "b.yaml", own_question(id="again"), own_question(id="zebra_penalty"))
    problems, drafts = found(private)
    done, told, twin, again, taken = (" ".join(draft.wrong) for draft in drafts)
    assert done == ""
    assert "its probe gives the claim away" in told
    assert "telling: asks nearly what done asks" in told
    assert f"done: this id is used twice, also in {folder / 'a.yaml'}; rename it" in twin
    assert "again: asks nearly what zebra_penalty asks" in again
    assert f"also in {private / 'ml_fundamentals' / 'zebras.yaml'}" in taken
    assert "telling" not in problems


def test_a_draft_moved_too_early_is_refused(private: Path) -> None:
    write(
        private / "ml_fundamentals" / "zebras.yaml", own_question(recall=["<asked in another way>"])
    )
    with pytest.raises(ContentError, match=r"zebra_penalty.recall\[0\]: still holds"):
        load_bank(private=private)


def test_a_list_is_imported_into_drafts_that_check_lists(private: Path, tmp_path: Path) -> None:
    source = tmp_path / "list.csv"
    source.write_bytes("﻿question;topic\nWhy pool?;CNN\nWhy pool;\n;;\nWhat is β?;\n".encode())
    result = RUN.invoke(app, ["bank", "import", str(source)])
    assert result.exit_code == 0, result.stderr
    drafts = private / "drafts" / "ml_fundamentals"
    assert sorted(path.name for path in drafts.iterdir()) == ["list.yaml", "list_cnn.yaml"]
    assert "line 2: pool: missing: difficulty; recall; reference" in result.stdout
    assert "line 3: asks the same as line 2; left out" in result.stderr
    assert [d.missing[:17] for d in found(private)[1]] == ["topic; difficulty", "difficulty; recal"]
    again = RUN.invoke(app, ["bank", "import", str(source)])
    assert again.exit_code == 1
    assert "exists already" in again.stderr


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("a.csv", b"Datum;Wert\n1;2", "no column named question"),
        ("a.csv", b"", "a.csv: (file): is empty"),
        ("a.csv", b"question,answer\n", "write each as a row below the names of the columns"),
        ("a.csv", b"question\nWhy?\0", "save it as UTF-8"),
        ("a.csv", b"question\n" + b"x" * 200_000, "line 2: field larger than field limit"),
        ("a.csv", "Frage;Übung".encode("latin-1"), "save it as UTF-8"),
        ("a.md", b"Only prose.", "write each as a heading or list item; line 1: is no question"),
        ("a.docx", b"PK", "must be .csv, .tsv, .md or .markdown"),
    ],
)
def test_a_list_that_cannot_be_read_is_one_sentence(
    private: Path, tmp_path: Path, name: str, content: bytes, problem: str
) -> None:
    (tmp_path / name).write_bytes(content)
    result = RUN.invoke(app, ["bank", "import", str(tmp_path / name)])
    assert result.exit_code == 1
    assert problem in result.stderr
    assert not (private / "drafts").exists()


def test_drafts_that_cannot_be_written_are_one_sentence(private: Path, tmp_path: Path) -> None:
    (private / "drafts").write_text("in the way")
    result = RUN.invoke(app, ["bank", "new", "ml_fundamentals"])
    assert result.exit_code == 1
    assert "new_question.yaml: (file): cannot be written" in result.stderr
    assert "give --output, or another folder" in result.stderr


def test_a_list_of_what_the_bank_asks_already_gives_no_draft(private: Path, tmp_path: Path) -> None:
    source = tmp_path / "list.md"
    source.write_text(f"- {load_bank().questions['l1_versus_l2'].prompt}")
    result = RUN.invoke(app, ["bank", "import", str(source)])
    assert result.exit_code == 0, result.exception
    assert "line 1: asks the same as l1_versus_l2 of the bank; left out" in result.stderr
    assert result.stdout.startswith("0 drafts.")
    assert "Write what stands" not in result.stdout
    assert not (private / "drafts").exists()


def test_a_template_goes_to_the_drafts_and_never_over_a_file(private: Path) -> None:
    command = ["bank", "new", "debugging", "--topic", "debug_leakage"]
    path = private / "drafts" / "debugging" / "debug_leakage.yaml"
    assert str(path) in RUN.invoke(app, command).stdout
    path.write_text("mine")
    refused = RUN.invoke(app, command)
    assert refused.exit_code == 1
    assert f"{path}: (file): exists already" in refused.stderr
    assert path.read_text() == "mine"


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (["cooking"], "no such round; use behavioral, debugging"),
        (["behavioral", "--topic", "cnn"], "no such topic; use one of leadership"),
        (["behavioral"], "INTERVIEWER_BANK: is not set"),
    ],
)
def test_a_template_that_cannot_be_written_is_one_sentence(
    arguments: list[str], problem: str
) -> None:
    result = RUN.invoke(app, ["bank", "new", *arguments])
    assert result.exit_code == 1
    assert problem in result.stderr
