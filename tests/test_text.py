"""Sentences and words, with their places in the text."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from interviewer.text import sentences, squeeze, word_spans, words


def test_sentences_end_where_a_reader_would_end_them() -> None:
    text = "AUC fell from 0.85 to 0.72. Why? E.g. a leak.\n- one item\n- two; three"
    assert [s.text for s in sentences(text)] == [
        "AUC fell from 0.85 to 0.72.",
        "Why?",
        "E.g. a leak.",
        "- one item",
        "- two;",
        "three",
    ]


def test_words_are_lower_case_and_numbers_stay_whole() -> None:
    assert words("It's 1,000 users at 3.5%") == ["it's", "1,000", "users", "at", "3.5%"]


def test_white_space_folds() -> None:
    assert squeeze(" a\n b\t c ") == "a b c"


@given(st.text(max_size=300))
def test_every_span_is_a_slice_in_order(text: str) -> None:
    for spans in (sentences(text), word_spans(text)):
        assert all(text[s.start : s.end] == s.text for s in spans)
        assert all(a.end <= b.start for a, b in pairwise(spans))
