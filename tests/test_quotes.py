"""The quote check: letter for letter, in place, long enough."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interviewer.grading.quotes import is_verbatim, quote_span
from interviewer.schema import Quote, Turn

TEXT = "Lasso sets some  weights\nexactly to zero, ridge does not."


def turn(text: str, turn_id: int = 3) -> Turn:
    return Turn(id=turn_id, role="candidate", text=text, at=datetime(2026, 1, 1, tzinfo=UTC))


def test_the_stored_words_pass_whatever_their_white_space() -> None:
    quote = Quote(turn_id=3, start=0, end=32, text="Lasso sets some weights exactly")
    assert is_verbatim(quote, [turn(TEXT)])


@pytest.mark.parametrize(
    "quote",
    [
        Quote(turn_id=3, start=0, end=32, text="Ridge sets some weights exactly"),
        Quote(turn_id=3, start=1, end=32, text="Lasso sets some weights exactly"),
        Quote(turn_id=4, start=0, end=32, text="Lasso sets some weights exactly"),
        Quote(turn_id=3, start=0, end=900, text="Lasso sets some weights exactly"),
        Quote(turn_id=3, start=0, end=15, text="Lasso sets some"),
    ],
    ids=["other words", "other place", "other turn", "past the end", "too short"],
)
def test_anything_else_fails(quote: Quote) -> None:
    assert not is_verbatim(quote, [turn(TEXT)])


def test_a_whole_short_turn_may_be_quoted() -> None:
    assert is_verbatim(Quote(turn_id=3, start=0, end=9, text="Use lasso"), [turn("Use lasso")])


def test_a_span_is_widened_to_four_whole_words() -> None:
    assert quote_span(turn("one two three four five"), 9, 12).text == ("two three four five")


def test_nothing_to_quote_is_an_error() -> None:
    with pytest.raises(ValueError, match="no words"):
        quote_span(turn("  "), 0, 1)


@given(st.text(min_size=1).filter(str.strip), st.integers(0, 80), st.integers(0, 80))
def test_every_span_quoted_passes_the_check(text: str, start: int, length: int) -> None:
    said = turn(text)
    assert is_verbatim(quote_span(said, start, start + length), [said])
