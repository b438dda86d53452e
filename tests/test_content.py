"""The content loader: the shipped bank keeps its promises, and bad YAML is named by file and key."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from interviewer.bank_check import check_bank, leaks
from interviewer.consistency import inconsistencies
from interviewer.content import content_root, load_bank, read_bank
from interviewer.errors import ContentError

FILE = "question_bank/ml_fundamentals/regularisation.yaml"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Return a root with the rubrics, the topics and one file of questions."""
    root = content_root()
    shutil.copytree(root / "rubrics", tmp_path / "rubrics")
    (tmp_path / FILE).parent.mkdir(parents=True)
    for name in (FILE, "question_bank/topics.yaml", "question_bank/closing.yaml"):
        shutil.copy(root / name, tmp_path / name)
    return tmp_path


def change(root: Path, **changes: object) -> list[ContentError]:
    """Change keys of the first question and return the problems found."""
    path = root / FILE
    content = yaml.safe_load(path.read_text())
    content["questions"][0].update(changes)
    path.write_text(yaml.safe_dump(content))
    return read_bank(root)[1]


def question(root: Path) -> dict[str, list[dict[str, object]]]:
    return yaml.safe_load((root / FILE).read_text())["questions"][0]  # type: ignore[no-any-return]


def test_the_shipped_bank_is_in_order() -> None:
    assert read_bank(content_root())[1] == []  # `make lint` runs the whole `bank check`


def test_the_shipped_bank_holds_what_is_promised() -> None:
    bank = load_bank()
    counts = {round_id: len(bank.of_round(round_id)) for round_id in bank.rubrics}
    assert counts["ml_fundamentals"] >= 130
    assert counts["system_design"] >= 4
    assert counts["debugging"] >= 4
    assert counts["behavioral"] >= 48
    assert {"marketplace_recommender", "auc_drop_after_retraining"} <= set(bank.questions)


def test_every_debugging_scenario_can_be_solved_by_asking() -> None:
    for q in load_bank().of_round("debugging"):
        assert q.diagnosis is not None
        facts = {f.id for f in q.facts}
        assert {rival.ruled_out_by for rival in q.diagnosis.rivals} <= facts


def test_a_copy_is_in_order(copy: Path) -> None:
    assert read_bank(copy)[1] == []


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"titel": "x"}, r"titel: unknown key"),
        ({"prompt": ""}, r"prompt: .*at least 1 character"),
        ({"hints": ["one"]}, r"hints: has 1; needs at least 2"),
        ({"misconceptions": []}, r"misconceptions: has 0; needs at least 1"),
        ({"difficulty": "brutal"}, r"difficulty: .*easy"),
        ({"id": "Not An Id"}, r"id: .*pattern"),
    ],
)
def test_a_problem_is_named_with_file_key_and_remedy(
    copy: Path, changes: dict[str, object], message: str
) -> None:
    (problem,) = change(copy, **changes)
    assert problem.path.endswith("regularisation.yaml")
    with pytest.raises(ContentError, match=message):
        raise problem


def test_list_items_are_named_by_their_id(copy: Path) -> None:
    points = question(copy)["key_points"]
    points[1]["claim"] = ""
    (problem,) = change(copy, key_points=points)
    assert problem.key.endswith("l1_versus_l2].key_points[exact_zeros].claim")


def test_dangling_references_name_the_choices(copy: Path) -> None:
    points = question(copy)["key_points"]
    points[0]["criterion"] = "elegance"
    (problem,) = change(copy, key_points=points)
    assert "'elegance' is no criterion; use one of: concept, mechanism, practice" in str(problem)


def test_a_design_without_what_staff_adds_is_named_with_its_remedy() -> None:
    bank = load_bank()
    bare = bank.questions["visual_search"].model_copy(update={"staff": None})
    assert list(inconsistencies(bare, bank.rubrics, bank.topics)) == [
        (
            "visual_search.staff",
            "is missing; write what a staff engineer adds here to what a senior one says",
        )
    ]
    plain = bank.questions["l1_versus_l2"]  # a round without stages needs none
    assert plain.staff is None
    assert not list(inconsistencies(plain, bank.rubrics, bank.topics))


def test_duplicate_ids_are_found(copy: Path) -> None:
    shutil.copy(copy / FILE, copy / "question_bank/ml_fundamentals/twin.yaml")
    assert any("used twice" in str(p) for p in read_bank(copy)[1])


def test_a_probe_that_tells_its_claim_is_found(copy: Path) -> None:
    points = question(copy)["key_points"]
    points[5]["probe"] = (
        "Would you put the features on the same scale before the penalty is applied?"
    )
    (problem,) = list(change(copy, key_points=points) or check_bank(copy))
    assert "gives the claim away" in str(problem)


def test_an_early_hint_may_not_tell_but_the_last_may() -> None:
    q = load_bank().questions["l1_versus_l2"]
    telling = q.key_points[1].claim
    assert not list(leaks(q.model_copy(update={"hints": (*q.hints, telling)})))
    assert list(leaks(q.model_copy(update={"hints": (telling, *q.hints)})))


json_like = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(st.one_of(st.binary(max_size=200), json_like.map(lambda x: yaml.safe_dump(x).encode())))
@settings(
    max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
def test_any_file_is_read_or_named_never_a_crash(copy: Path, content: bytes) -> None:
    (copy / FILE).write_bytes(content)
    _, problems = read_bank(copy)
    assert all(problem.path.endswith("regularisation.yaml") for problem in problems)
