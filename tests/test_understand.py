"""What a message wants: one example per intent, several at once, and words that only look like it."""

from __future__ import annotations

import pytest

from interviewer.agent.understand import understand
from interviewer.schema import Intent


def intents(text: str, *, may_inspect: bool = False) -> set[str]:
    return {intent.value for intent in understand(text, may_inspect=may_inspect).intents}


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Boosted trees cope with missing values and mixed scales.", {"answer"}),
        ("Dropout.", {"answer"}),
        ("How much data is there per month?", {"ask"}),
        ("Can I see the loss curves?", {"show"}),
        ("May I have a hint?", {"hint"}),
        ("No idea, sorry.", {"dont_know"}),
        ("Let's skip this question.", {"skip"}),
        ("Give me a minute, please.", {"think"}),
        ("Sorry, I meant recall, not precision.", {"correct", "answer"}),
        ("Ignore my last answer.", {"retract"}),
        ("I'd like to end the interview.", {"finish"}),
        ("Thanks, great.", {"chat"}),
    ],
)
def test_each_intent(text: str, wanted: set[str]) -> None:
    assert intents(text) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("um ok so, how many rows? and I'd start with a linear baseline", {"ask", "answer"}),
        ("no clue here, can you give me a hint", {"dont_know", "hint"}),
        ("I know the first half: weights shrink. The second half I don't know.", {"answer", "dont_know"}),
        ("Trees first, then calibration. Give me a second for the rest.", {"answer", "think"}),
        ("How late are the labels? And could you show me the error by country?", {"ask", "show"}),
    ],
)  # fmt: skip
def test_several_in_one_message(text: str, wanted: set[str]) -> None:
    assert intents(text) == wanted


@pytest.mark.parametrize(
    "text",
    [
        "Skip connections help, and one can pass the input on.",
        "There is a hint of drift in the scores.",
        "Let me think about features: I'd use counts over a week.",
        "I don't know the exact number but I'd assume ten million.",
        "The forget gate can scratch that memory.",
        "They should not finish the experiment early.",
        "What matters most is the cost of a miss.",
        "We retrain nightly, which means the features are a day old.",
        "My lead used to say \"can I see the data?\" before anything else.",
        "I would show the new version to one percent of users.",
    ],
)  # fmt: skip
def test_words_of_a_command_inside_an_answer_are_content(text: str) -> None:
    assert intents(text) == {"answer"}


@pytest.mark.parametrize(
    "text",
    [
        "Why does that matter? Because the classes are rare.",
        "How do I notice drift? I compare score histograms.",
        "Is a linear model enough? Yes, at first.",
        "How big is the table? A million rows of 64 floats, a quarter of a gigabyte.",
        "Should this be shipped on Monday? No. The training table has to be built anew.",
    ],
)
def test_a_question_that_its_author_answers_asks_nothing(text: str) -> None:
    heard = understand(text)
    assert (heard.intents, heard.asks) == ((Intent.ANSWER,), ())


def test_a_question_before_a_plan_is_real() -> None:
    heard = understand("Are the clicks logged with their position? I'd need that for debiasing.")
    assert heard.intents == (Intent.ANSWER, Intent.ASK)
    assert heard.asks == ("Are the clicks logged with their position?",)


def test_asks_are_the_asking_clauses_alone() -> None:
    heard = understand(
        "I'd use two stages, but how many items are there, and when a seller leaves, what happens?"
    )
    assert heard.asks == ("how many items are there", "when a seller leaves, what happens?")


def test_a_question_needs_no_question_mark() -> None:
    assert intents("what is the latency budget") == {"ask"}
    assert intents("is it a first-price or a second-price auction") == {"ask"}
    assert intents("I'd like to know who labels the images") == {"ask"}


def test_words_taken_back_in_the_same_breath_leave_the_message_before_alone() -> None:
    assert intents("I'd train on clicks... actually scratch that, on purchases.") == {
        "answer",
        "correct",
    }
    assert intents("Scratch that. I'd train on purchases.") == {"answer", "retract"}


def test_what_one_would_check_is_a_request_only_where_facts_are_inspected() -> None:
    text = "I'd check whether the label definition changed."
    assert intents(text) == {"answer"}
    heard = understand(text, may_inspect=True)
    assert (heard.intents, heard.asks, heard.checks) == ((Intent.SHOW,), (), (text,))
    assert heard.waits


@pytest.mark.parametrize(
    "check",
    [
        "I would slice the error by country.",
        "To be sure I'd compare a few rows from both tables.",
        "I'd drop the column and see what is left of the gap.",
        "I'd begin with a replay of yesterday's requests.",
        "Try with a smaller batch.",
    ],
)
def test_a_trial_or_a_look_at_something_is_a_check(check: str) -> None:
    heard = understand(check, may_inspect=True)
    assert (heard.asks, heard.checks) == ((), (check,))


def test_a_question_what_the_case_shows_is_no_check() -> None:
    heard = understand("Can you break the error down by country?", may_inspect=True)
    assert heard.asks == ("Can you break the error down by country?",)
    assert heard.checks == ()


DIAGNOSIS = (
    "The store is filled once a night, so the counts grow old during the day and the model trusts "
    "numbers that have gone stale. What would prove it? The error should be smallest in the early "
    "morning. I would compare the served values with the warehouse at each hour, then stream the "
    "counts into the store, train on logged values, and add an alert on the age of each one. "
    "The old model reads the same store and is suffering already."
)


def test_a_diagnosis_is_an_answer_and_waits_for_nothing() -> None:
    heard = understand(DIAGNOSIS, may_inspect=True)
    assert heard.asks == ()
    assert Intent.ANSWER in heard.intents
    assert not heard.waits


def test_who_asks_at_the_end_of_an_answer_waits_and_who_goes_on_does_not() -> None:
    question = "Do we log the time of each export?"
    assert understand(f"{DIAGNOSIS} {question}").waits
    passing = understand(f"{question} I'd want that anyway. {DIAGNOSIS}")
    assert passing.asks == (question,)
    assert not passing.waits


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("I would train without the column, what happens then?", "column: what happens then?"),
        ("Encoding out of fold, did you try it?", "fold: did you try it?"),
    ],
)
def test_a_short_question_keeps_the_words_it_leans_on(text: str, asked: str) -> None:
    assert understand(text).asks[0].endswith(asked)


@pytest.mark.parametrize("text", ["I'm out of ideas.", "i give up", "I can't think of anything."])
def test_giving_up_is_not_knowing(text: str) -> None:
    assert intents(text) == {"dont_know"}


def test_nothing_is_chat() -> None:
    assert intents("") == {"chat"}
