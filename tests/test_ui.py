"""What the page shows, built without a browser: inert text, panel, marked answers, scorecards, replies."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

import pytest

from interviewer import policy
from interviewer.content import load_bank
from interviewer.errors import InterviewerError, StaleSession
from interviewer.programme.drills import by_topic
from interviewer.programme.self_ratings import Rated, Trend
from interviewer.report.scorecard import make_scorecard
from interviewer.schema import (
    Decided,
    Format,
    Grade,
    Graded,
    GraderStamp,
    GradingFailure,
    MisconceptionReading,
    Move,
    MoveKind,
    PointVerdict,
    Prompting,
    Quote,
    Scorecard,
    Seniority,
    Setup,
    Snapshot,
    Turn,
    Unanswered,
    Undecided,
    Verdict,
)
from interviewer.session import Sessions, SessionView
from interviewer.store import SessionRecord, UsageTotal
from interviewer.ui.chat import messages_of
from interviewer.ui.choices import round_cards, theme_choices, topic_choices
from interviewer.ui.contest_form import contested_of
from interviewer.ui.drill import drill_html, drill_setup
from interviewer.ui.example import example_answers
from interviewer.ui.highlight import Label, answers_html, marks_of
from interviewer.ui.markup import escaped, inert
from interviewer.ui.panel import clock_words, panel_html
from interviewer.ui.plots import radar_figure, series_figure
from interviewer.ui.practice import practice_setup
from interviewer.ui.replies import Replies, ReplyUnderWay
from interviewer.ui.scorecard_html import questions_html, summary_html
from interviewer.ui.self_ratings_html import trend_figure, trends_html
from interviewer.ui.sessions_tab import counted_html, session_line
from tests.interviewed import CHARGE, FIRST, SECOND, Finished, ScriptedReader, about, turns

BANK = load_bank()
NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
STAMP = GraderStamp(name="offline", version="1")
SAID = "L1 makes many weights exactly zero. L2 only shrinks them."
MET, WRONG = Label("met", "✓ made"), Label("contradicted", "✗ contradicted")


def test_live_html_becomes_text() -> None:
    assert inert("<img src=x onerror=alert(1)>") == "&lt;img src=x onerror=alert(1)>"


def test_a_remote_image_is_not_fetched() -> None:
    assert "![" not in inert("look: ![x](http://example.org/x.png)")


def test_code_keeps_its_angle_brackets() -> None:
    fenced = "```python\nif a < b:\n    print('<b>')\n```"
    assert inert(fenced) == fenced
    assert inert("use `List<int>` here") == "use <code>List&lt;int&gt;</code> here"


def test_an_unclosed_fence_protects_nothing() -> None:
    assert "<img" not in inert("```\n<img src=x>")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("the penalty $x^2$ grows", "the penalty \\(x^2\\) grows"),
        ("saved $2M a year and $300k more", "saved $2M a year and $300k more"),
        ("from $5 or $6 to $7", "from $5 or $6 to $7"),
    ],
)
def test_formulas_are_formulas_and_dollars_are_dollars(text: str, shown: str) -> None:
    assert inert(text) == shown


def test_a_sketch_keeps_its_shape_and_a_table_stays_a_table() -> None:
    sketch = "+---+   +---+\n| A |-->| B |\n+---+   +---+"
    assert inert(f"So:\n\n{sketch}") == f"So:\n\n```\n{sketch}\n```"
    table = "| a | b |\n|---|---|\n| 1 | 2 |"
    assert inert(table) == table


def test_escaped_text_is_one_line() -> None:
    assert escaped('a <b> "c"\n\nd') == "a &lt;b&gt; &quot;c&quot;<br><br>d"


def test_overlapping_quotes_become_one_mark_with_both_words() -> None:
    turn = _said(SAID)
    quotes = [
        (_quote(turn, 0, 35), MET),
        (_quote(turn, 10, 35), WRONG),
        (_quote(turn, 36, 57), MET),
    ]
    assert [(m.start, m.end, m.labels) for m in marks_of(turn, quotes)] == [
        (0, 35, (MET, WRONG)),
        (36, 57, (MET,)),
    ]


def test_a_marked_answer_shows_every_character_escaped_once() -> None:
    turn = _said("I use <b> tags in four words. The end.")
    shown = answers_html([turn], [(_quote(turn, 0, 29), MET)])
    assert "I use &lt;b&gt; tags in four words." in shown
    assert "✓ made" in shown
    assert " The end." in shown


def test_the_panel_maps_the_six_stages() -> None:
    view = _view("system_design", "marketplace_recommender", stage="features")
    html = panel_html(view)
    assert html.count("<li") == 6
    assert html.count(">done<") == 2
    assert html.count('aria-current="step"') == 1
    assert "Facts seen <b>0</b>" in html


def test_a_session_that_was_ended_early_says_how_far_it_came() -> None:
    view = _view("system_design", "marketplace_recommender", stage="data")
    drill = _view("ml_fundamentals", "l1_versus_l2")
    two = drill.record.snapshot.model_copy(
        update={
            "questions": (*drill.record.snapshot.questions, *BANK.of_round("ml_fundamentals")[:1])
        }
    )
    record = drill.record._replace(status="finished", snapshot=two)
    assert "<b>1</b> of 2 questions asked" in panel_html(drill._replace(record=record))
    reached = [t.model_copy(update={"stage": t.move.stage}) for t in view.turns if t.move]
    close = Move(kind=MoveKind.CLOSE, question_id="marketplace_recommender", target_id="end")
    farewell = reached[-1].model_copy(update={"id": 3, "stage": None, "move": close})
    ended = view._replace(
        turns=(*reached, farewell), record=view.record._replace(status="finished")
    )
    html = panel_html(ended)
    assert (html.count(">done<"), html.count(">not reached<")) == (2, 4)
    assert "Facts seen" not in html
    assert "aria-current" not in html


def test_the_panel_names_the_facts_seen() -> None:
    question = BANK.of_round("debugging")[0]
    fact = question.facts[0]
    view = _view("debugging", question.id, facts=(fact.id,))
    assert f"<li>{fact.id.replace('_', ' ')}</li>" in panel_html(view)
    assert f"<b>1</b> of {len(question.facts)}" in panel_html(view)


def test_the_panel_says_when_time_is_paused() -> None:
    assert "paused" in panel_html(_view("ml_fundamentals", "l1_versus_l2")._replace(paused=True))
    assert clock_words(187) == "3:07"


def test_a_revealed_series_is_plotted_after_the_words() -> None:
    question, fact = next(
        (q, f) for q in BANK.of_round("debugging") for f in q.facts if f.series is not None
    )
    view = _view("debugging", question.id, facts=(fact.id,))
    messages = messages_of(view)
    assert [m["role"] for m in messages] == ["assistant"] * 3
    assert type(messages[-1]["content"]).__name__ == "Plot"
    assert fact.series is not None
    assert len(series_figure(fact.series).data) == len(fact.series.lines)


def test_a_message_taken_back_says_so() -> None:
    view = _view("ml_fundamentals", "l1_versus_l2")
    struck = _said(SAID).model_copy(update={"retracted": True})
    assert messages_of(view._replace(turns=(*view.turns, struck)))[-1]["content"].startswith(
        "*Taken back:*"
    )


def test_a_scorecard_carries_mark_and_word_for_every_verdict() -> None:
    html = questions_html(*_graded_card())
    assert "<b>✓ made</b>" in html
    assert "<b>○ not made</b>" in html
    assert "\n\n" not in html


def test_every_point_says_why_what_it_was_worth_and_who_says_so() -> None:
    card, snapshot, turns = _graded_card()
    html = questions_html(card, snapshot, turns)
    assert html.count('<details class="why">') == len(snapshot.questions[0].key_points)
    assert f"<q>{SAID[:35]}</q>" in html
    assert "said. Worth 1 of 1 point of Concept. Graded by offline 1." in html
    assert "not said. Worth 0 of 1 point of Mechanism. Graded by offline 1." in html


def test_links_to_contest_and_report_are_only_where_they_work() -> None:
    card, snapshot, turns = _graded_card()
    html = questions_html(card, snapshot, turns, may_act=True)
    first, *others = snapshot.questions[0].key_points
    assert f"#contest/l1_versus_l2/point/{first.id}" not in html, (
        "met points have nothing to contest"
    )
    assert all(f'href="#contest/l1_versus_l2/point/{p.id}"' in html for p in others)
    assert html.count('href="#report/l1_versus_l2"') == 1
    assert "href" not in questions_html(card, snapshot, turns)


def test_both_views_of_a_contested_point_stay_visible(tmp_path: Path) -> None:
    stamp = GraderStamp(name="second reader", version="1", model="m<1>")
    said = next(t for t in turns() if t.text == SECOND)
    made = PointVerdict(
        key_point_id="exact_zeros",
        verdict=Verdict.MET,
        evidence=_quote(said, 0, len(SECOND)),
        reason="Read anew",
        prompting=Prompting.PROBED,
    )
    down = Undecided(reason="Not decided yet: down. Try again later.", grader=stamp)
    reader = ScriptedReader(Decided(verdict=made, grader=stamp), down)
    finished = Finished(tmp_path, reader=reader)
    finished.grade_book.scorecard(finished.id)
    finished.contests.add(finished.id, about("exact_zeros"), SECOND, "<b>Look.</b>")
    card = finished.contests.add(finished.id, about("penalty_terms"), FIRST)
    snapshot = finished.store.session(finished.id).snapshot
    html = questions_html(card, snapshot, turns(), may_act=True)
    assert html.count('<dl class="views l1_versus_l2/point/') == 2
    assert f"“{SECOND}” &lt;b&gt;Look.&lt;/b&gt;" in html
    assert "<dt>First view, scripted 1</dt><dd>○ not made: So the script says.</dd>" in html
    assert "<dt>Second view, second reader 1 (m&lt;1&gt;), which counts</dt>" in html
    assert "Worth 0.85 of 1 point of Concept (×0.85 after a follow-up). Graded by second" in html
    assert "<dd>Not decided yet: down. Try again later.</dd>" in html
    assert "#contest/l1_versus_l2/point/exact_zeros" not in html, "it is decided"
    assert "#contest/l1_versus_l2/point/penalty_terms" in html
    assert "It was 0 before a second reader decided" in summary_html(card, snapshot)


def test_a_charged_misconception_says_what_it_was_taken_for_and_can_be_contested(
    tmp_path: Path,
) -> None:
    finished = Finished(tmp_path, charges=True)
    card = finished.grade_book.scorecard(finished.id)
    snapshot = finished.store.session(finished.id).snapshot
    html = questions_html(card, snapshot, turns(), may_act=True)
    claim = "L2 regularisation produces sparse models."
    assert f"<b>✗ misconception</b> Taken for: {claim}<q>{SECOND}</q>" in html
    assert "Rather: L2 shrinks weights smoothly" in html
    assert "So it sounds. Costs 15%" in html
    assert "what the offline grader is least sure of" in html
    assert 'href="#contest/l1_versus_l2/misconception/l2_sparse"' in html
    finished.grader.stamp = GraderStamp(name="rubric", version="1", model="m")
    by_model = finished.grade_book.regrade(finished.id, only_failed=False)
    assert "least sure" not in questions_html(by_model, snapshot, turns())


def test_a_lifted_misconception_stays_visible_with_both_views(tmp_path: Path) -> None:
    stamp = GraderStamp(name="second reader", version="1", model="m")
    reading = MisconceptionReading(misconception_id=CHARGE.id, stands=False, reason="L1 is meant")
    reader = ScriptedReader(Decided(verdict=reading, grader=stamp))
    finished = Finished(tmp_path, reader=reader, charges=True)
    finished.grade_book.scorecard(finished.id)
    card = finished.contests.add(finished.id, CHARGE, SECOND, "I meant L1.")
    snapshot = finished.store.session(finished.id).snapshot
    html = questions_html(card, snapshot, turns(), may_act=True)
    assert "<b>○ misconception, lifted</b>" in html
    assert f"<dd>✗ misconception: “{SECOND}” So it sounds.</dd>" in html
    assert "<dd>✓ lifted: L1 is meant.</dd>" in html
    assert '<span class="tag">✗ misconception' not in html, "its words are held against nobody"
    assert "#contest/l1_versus_l2/misconception" not in html, "it is decided"


def test_a_link_names_what_is_contested() -> None:
    asked = "l1_versus_l2/misconception/l2_sparse 1732"
    assert contested_of(asked) == CHARGE
    assert contested_of("l1_versus_l2/point/exact_zeros 1") == about("exact_zeros")
    assert contested_of("l1_versus_l2/nonsense/exact_zeros 1") is None
    assert contested_of("") is None


def test_the_summary_names_the_own_rating_and_what_would_have_gained(tmp_path: Path) -> None:
    finished = Finished(tmp_path)
    finished.opinions.rate(finished.id, 30)
    card = finished.grade_book.scorecard(finished.id)
    html = summary_html(card, finished.store.session(finished.id).snapshot)
    assert "You expected 30: 30 points above the score." in html
    assert "What would have moved you up" in html
    assert html.count("It would lift") == 3


def test_the_trend_has_a_line_for_each_grader() -> None:
    def trend(version: str, *expected: int) -> Trend:
        rated = tuple(Rated("s", "ml_fundamentals", NOW, percent, 50.0) for percent in expected)
        return Trend(GraderStamp(name="offline", version=version), rated)

    trends = [trend("1", 60, 45), trend("2", 70, 70), trend("3", 20)]
    names = [line.name for line in trend_figure(trends).data]
    assert names == ["offline 1", "offline 2"], "one session makes no line"
    html = trends_html(trends, {"ml_fundamentals": "ML fundamentals"})
    assert "2 sessions, on average you rated yourself 2 points above the score" in html
    assert "<td>−5</td>" in html
    assert trend_figure([]) is None


def test_a_failed_grade_shows_no_number() -> None:
    snapshot = _snapshot("ml_fundamentals", "l1_versus_l2")
    failed = GradingFailure(question_id="l1_versus_l2", grader=STAMP, reason="the model is down")
    card = make_scorecard("s", snapshot, Seniority.MID, {"l1_versus_l2": failed}, STAMP, NOW)
    assert "No overall score" in summary_html(card, snapshot)
    assert "not graded yet: the model is down" in questions_html(card, snapshot, ())
    assert radar_figure(card.criteria) is None


def test_a_drill_counts_what_has_no_number_apart() -> None:
    questions = BANK.of_round("ml_fundamentals")[:3]
    topic = questions[0].topic
    snapshot = Snapshot(
        questions=tuple(q.model_copy(update={"topic": topic}) for q in questions),
        rubric=BANK.rubrics["ml_fundamentals"],
        hash="h",
    )
    grades: dict[str, Grade] = {
        questions[0].id: Unanswered(question_id=questions[0].id, reason="skipped"),
        questions[1].id: GradingFailure(question_id=questions[1].id, grader=STAMP, reason="down"),
        questions[2].id: Unanswered(question_id=questions[2].id, reason="out_of_time"),
    }
    (result,) = by_topic(snapshot, grades, BANK.topics)
    assert (result.reached, result.answered, result.ungraded, result.mean) == (2, 1, 1, 0.0)
    assert len(result.missed) == len(questions[0].key_points)


def test_a_drill_is_summed_up_only_at_its_end() -> None:
    view = _view("ml_fundamentals", "l1_versus_l2")
    assert drill_html(view, BANK.topics) == ""
    done = view._replace(
        record=view.record._replace(status="finished"),
        grades={"l1_versus_l2": Unanswered(question_id="l1_versus_l2", reason="skipped")},
    )
    assert "Regularisation" in drill_html(done, BANK.topics)


def test_set_ups_from_the_forms() -> None:
    practice = practice_setup("debugging", "", "  Ranking engineer ", "senior", "tough", 30)
    assert (practice.job_description, practice.minutes) == ("Ranking engineer", 30)
    assert (
        practice_setup("debugging", "debug_skew", "x", "mid", "neutral", None).job_description
        is None
    )
    assert drill_setup(None, None, None) == Setup(
        round="ml_fundamentals", format=Format.DRILL, count=20, minutes=60
    )


def test_choices_come_from_the_bank() -> None:
    assert round_cards(BANK)[0][1] == "ml_fundamentals"
    assert topic_choices(BANK, "ml_fundamentals")[0] == ("Any topic", "")


def test_only_what_asks_for_a_story_is_a_story_theme() -> None:
    offered = {value for _, value in theme_choices(BANK)}
    no_stories = {
        "tell_me_about_yourself", "why_move_now", "manager_would_say", "questions_at_the_end",
        "before_accepting",
    }  # fmt: skip
    assert offered == {q.id for q in BANK.of_round("behavioral")} - no_stories


def test_the_list_says_how_many_sessions_there_are() -> None:
    assert counted_html(40, 143).endswith(">The latest 40 of 143 sessions, newest first.</p>")
    assert ">All 7 sessions, newest first.<" in counted_html(7, 7)
    assert counted_html(1, 1) == ""


def test_a_session_is_named_by_what_it_was_and_how_it_ended() -> None:
    view = _view("ml_fundamentals", "l1_versus_l2")
    assert "running" in session_line(view.record, None)
    card, *_ = _graded_card()
    line = session_line(view.record._replace(status="finished"), card)
    assert line.startswith("ML fundamentals: L1 against L2 regularisation\n")
    assert f"{card.overall:.0f} of 100" in line


def test_the_example_has_an_answer_for_every_follow_up() -> None:
    assert len(example_answers()) >= BANK.rubrics["ml_fundamentals"].follow_ups + 1


class TalkingSessions:
    """Sessions that answer every message with the same three pieces."""

    def __init__(self) -> None:
        self.closed = 0

    def answer(self, session_id: str, text: str, *, after_turn: int) -> Iterator[str]:
        if after_turn != 1:
            raise StaleSession
        return self.resume(session_id)

    def resume(self, session_id: str) -> Iterator[str]:
        try:
            yield from ("one ", "two ", "three")
        finally:
            self.closed += 1


@pytest.fixture
def talking() -> TalkingSessions:
    return TalkingSessions()


@pytest.fixture
def replies(talking: TalkingSessions) -> Replies:
    return Replies(cast(Sessions, talking))


def test_a_reply_grows(replies: Replies) -> None:
    assert next(replies.send("s", "hello", 1)) == "one "


def test_a_second_message_waits_for_the_reply(replies: Replies) -> None:
    reply = replies.send("s", "hello", 1)
    next(reply)
    with pytest.raises(ReplyUnderWay):
        replies.send("s", "and another", 1)


def test_a_message_from_a_stale_tab_is_refused_at_once(replies: Replies) -> None:
    with pytest.raises(InterviewerError, match="another tab"):
        replies.send("s", "hello", 3)


@pytest.mark.parametrize("end", [lambda r, _: r.stop("s"), lambda _, reply: reply.close()])
def test_a_reply_that_is_stopped_or_abandoned_is_closed(
    end: Callable[[Replies, Iterator[str]], None], replies: Replies, talking: TalkingSessions
) -> None:
    reply = replies.send("s", "hello", 1)
    next(reply)
    end(replies, reply)
    assert list(reply) == []
    assert talking.closed == 1
    replies.wait("s", seconds=0)
    assert next(replies.send("s", "again", 1)) == "one "


def _said(text: str) -> Turn:
    return Turn(id=2, role="candidate", text=text, at=NOW, question_id="l1_versus_l2")


def _quote(turn: Turn, start: int, end: int) -> Quote:
    return Quote(turn_id=turn.id, start=start, end=end, text=turn.text[start:end])


def _snapshot(round_id: str, question_id: str) -> Snapshot:
    question = BANK.questions[question_id]
    return Snapshot(questions=(question,), rubric=BANK.rubrics[round_id], hash="h")


def _view(
    round_id: str, question_id: str, *, stage: str | None = None, facts: tuple[str, ...] = ()
) -> SessionView:
    snapshot = _snapshot(round_id, question_id)
    moves = [policy.opening(snapshot)]
    if stage:
        moves.append(Move(kind=MoveKind.ADVANCE, question_id=question_id, stage=stage))
    if facts:
        moves.append(
            Move(kind=MoveKind.REVEAL, question_id=question_id, fact_ids=facts, stage=stage)
        )
    turns = tuple(
        Turn(id=i, role="interviewer", text="Go on.", at=NOW, question_id=question_id, move=move)
        for i, move in enumerate(moves, 1)
    )
    record = SessionRecord(
        "s", Setup(round=round_id), snapshot, "offline", "running", 61.0, NOW, NOW
    )
    return SessionView(
        record=record,
        turns=turns,
        state=policy.follow(snapshot, turns),
        grades={},
        usage=UsageTotal(0, 0, 0, None),
        paused=False,
        trouble=None,
    )


def _graded_card() -> tuple[Scorecard, Snapshot, tuple[Turn, ...]]:
    snapshot = _snapshot("ml_fundamentals", "l1_versus_l2")
    turn = _said(SAID)
    first, *others = snapshot.questions[0].key_points
    verdicts = (
        PointVerdict(
            key_point_id=first.id, verdict=Verdict.MET, evidence=_quote(turn, 0, 35), reason="said"
        ),
        *(
            PointVerdict(key_point_id=p.id, verdict=Verdict.NOT_MET, reason="not said")
            for p in others
        ),
    )
    grade = Graded(
        question_id="l1_versus_l2",
        question_hash="h",
        rubric_version=1,
        grader=STAMP,
        verdicts=verdicts,
        criteria={"concept": 0.5, "mechanism": 0.0, "practice": 0.0},
        score=0.2,
    )
    card = make_scorecard("s", snapshot, Seniority.MID, {"l1_versus_l2": grade}, STAMP, NOW)
    return card, snapshot, (turn,)
