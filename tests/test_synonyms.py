"""Terms of the field that mean the same, and the stems they are compared by."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from interviewer.content import content_root
from interviewer.errors import ContentError
from interviewer.synonyms import Synonyms, load_synonyms, stem, stems

FIELD = Synonyms(
    [
        ("L2 regularisation", "weight decay", "ridge"),
        ("low-rank adaptation", "LoRA"),
        ("average precision", "PR-AUC"),
        ("precision", "positive predictive value"),
    ]
)


def write(root: Path, text: str) -> Path:
    (root / "question_bank").mkdir()
    (root / "question_bank" / "synonyms.yaml").write_text(text, encoding="utf-8")
    return root


@pytest.mark.parametrize(
    ("british", "american"),
    [
        ("regularisation", "regularization"),
        ("optimise", "optimize"),
        ("behaviour", "behavior"),
        ("labelled", "labeled"),
        ("modelling", "modeling"),
        ("analyse", "analyze"),
    ],
)
def test_both_spellings_have_one_stem(british: str, american: str) -> None:
    assert stem(british) == stem(american)


def test_stems_keep_the_order_of_the_words() -> None:
    assert stems("Models trained, 0.85!") == ("model", "train", "0.85")


def test_equivalent_terms_share_a_token_beside_their_own_stems() -> None:
    one, other = FIELD.expand(["weight", "decay"]), FIELD.expand(["l2", "regularization"])
    assert set(one) & set(other) == {"=0"}
    assert one[:2] == ["weight", "decay"]


def test_a_word_of_no_term_gets_its_stem_only() -> None:
    assert FIELD.expand(["weights"]) == ["weight"]


def test_the_longest_term_wins() -> None:
    assert "=3" not in FIELD.expand(["average", "precision"])
    assert FIELD.expand(["precision"]) == ["precis", "=3"]


def test_canonical_replaces_terms_and_keeps_all_else() -> None:
    text = "We tried LoRA, weight decay (0.01); and PR-AUC."
    expected = "We tried low-rank adaptation, L2 regularisation (0.01); and average precision."
    assert FIELD.canonical(text) == expected
    assert FIELD.canonical(expected) == expected


@pytest.mark.parametrize("text", ["", "nothing known here", "  odd  spacing\n"])
def test_canonical_leaves_other_text_alone(text: str) -> None:
    assert FIELD.canonical(text) == text


def test_the_authored_groups_load_and_know_the_jargon() -> None:
    field = load_synonyms()
    assert field.canonical("LoRA") == field.canonical("low rank adaptation")
    assert field.canonical("AUPRC") == field.canonical("average precision")
    assert field.canonical("precision") != field.canonical("average precision")


def test_the_table_has_the_jargon_of_the_field() -> None:
    path = content_root() / "question_bank" / "synonyms.yaml"
    groups = yaml.safe_load(path.read_text(encoding="utf-8"))["synonyms"]
    terms = [stems(term) for group in groups for term in group]
    assert len(groups) >= 300
    assert len(terms) == len(set(terms)), "a term repeats"


@pytest.mark.parametrize(
    "text",
    [
        "the IP address and the map of the city",
        "the null hypothesis and its standard deviation",
        "sensitive to a specific selection of random units",
        "as in He et al. the exponential loss becomes NaN",
    ],
)
def test_ordinary_words_are_no_jargon(text: str) -> None:
    assert load_synonyms().canonical(text) == text


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("synonyms: [[lasso]]", "at least 2"),
        ("synonyms: [[a one, b], [c, A ones]]", "two groups"),
        ("words: [[a, b]]", "synonyms"),
        ("synonyms: [", "YAML"),
    ],
)
def test_a_wrong_file_says_what_is_wrong(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(ContentError, match=told):
        load_synonyms(write(tmp_path, text))


def test_a_missing_file_says_so(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match="missing"):
        load_synonyms(tmp_path)
