"""Golden sequences: what the interviewer does next, told as short conversations."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from interviewer import policy
from interviewer.content import content_hash, load_bank
from interviewer.schema import (
    Format,
    Intent,
    Move,
    MoveKind,
    PointReading,
    Seniority,
    Setup,
    Snapshot,
    Steer,
    Turn,
    Verdict,
)

NOW = datetime(2026, 11, 22, tzinfo=UTC)
BANK = load_bank()


class Conversation:
    """Plays steers against the policy and keeps the transcript they make."""

    def __init__(self, *question_ids: str, setup: Setup | None = None) -> None:
        questions = tuple(BANK.questions[i] for i in question_ids)
        rubric = BANK.rubrics[questions[0].round]
        self.snapshot = Snapshot(
            questions=questions, rubric=rubric, hash=content_hash(rubric, *questions)
        )
        self.setup = setup or Setup(round=rubric.round)
        self.turns: list[Turn] = []
        self._interviewer(policy.opening(self.snapshot))

    @property
    def state(self) -> policy.State:
        return policy.follow(self.snapshot, self.turns)

    def says(
        self,
        *intents: Intent,
        minutes: float = 0.0,
        points: dict[str, Verdict] | None = None,
        misconceptions: tuple[str, ...] = (),
        facts: tuple[str, ...] = (),
        unknown: tuple[str, ...] = (),
        likely: tuple[str, ...] = (),
        retracted: bool = False,
    ) -> Move:
        steer = Steer(
            intents=intents or (Intent.ANSWER,),
            points=tuple(
                PointReading(key_point_id=p, verdict=v) for p, v in (points or {}).items()
            ),
            misconception_ids=misconceptions,
            fact_ids=facts,
            unknown_asks=unknown,
            likely_fact_ids=likely,
        )
        state = self.state
        self.turns.append(
            Turn(
                id=len(self.turns) + 1,
                role="candidate",
                text="...",
                at=NOW,
                question_id=state.question.id,
                stage=state.stage,
                steer=steer,
                seconds=60 * minutes,
                retracted=retracted,
            )
        )
        move = policy.decide(self.state, steer, self.snapshot, self.setup)
        self._interviewer(move)
        return move

    def _interviewer(self, move: Move) -> None:
        self.turns.append(
            Turn(
                id=len(self.turns) + 1,
                role="interviewer",
                text="...",
                at=NOW,
                question_id=move.question_id,
                stage=move.stage,
                move=move,
            )
        )


L1 = "l1_versus_l2"
ALL_MET = {p.id: Verdict.MET for p in BANK.questions[L1].key_points}


def test_the_most_valuable_missing_point_is_probed_first() -> None:
    talk = Conversation(L1)
    move = talk.says(points={"penalty_terms": Verdict.MET})
    assert (move.kind, move.target_id) == (MoveKind.PROBE, "exact_zeros")


def test_what_is_met_is_not_probed_and_no_probe_comes_twice() -> None:
    talk = Conversation(L1)
    targets = [talk.says(points={"exact_zeros": Verdict.MET}).target_id for _ in range(3)]
    assert "exact_zeros" not in targets
    assert len(set(targets)) == 3


def test_the_follow_up_budget_ends_a_question() -> None:
    talk = Conversation(L1)
    kinds = [talk.says().kind for _ in range(talk.snapshot.rubric.follow_ups + 1)]
    assert kinds[:-1] == [MoveKind.PROBE] * talk.snapshot.rubric.follow_ups
    assert kinds[-1] in (MoveKind.ADVANCE, MoveKind.CLOSE)


def test_a_full_answer_is_not_followed_up() -> None:
    talk = Conversation(L1)
    assert talk.says(points=ALL_MET).kind is MoveKind.CLOSE


def test_a_misconception_is_challenged_before_anything_is_probed() -> None:
    talk = Conversation(L1)
    move = talk.says(misconceptions=("l2_sparse",))
    assert (move.kind, move.target_id) == (MoveKind.CHALLENGE, "l2_sparse")
    assert talk.says(misconceptions=("l2_sparse",)).kind is MoveKind.PROBE


def test_a_contradicted_point_is_asked_about_first() -> None:
    talk = Conversation(L1)
    move = talk.says(points={"scale_features": Verdict.CONTRADICTED})
    assert (move.kind, move.target_id) == (MoveKind.PROBE, "scale_features")


def test_hints_come_one_by_one_and_then_run_out() -> None:
    talk = Conversation(L1)
    numbers = [talk.says(Intent.HINT).hint_number for _ in range(3)]
    assert numbers == [1, 2, 3]
    assert talk.says(Intent.HINT).target_id == "no_more_hints"


def test_not_knowing_gets_one_hint_and_then_the_interview_goes_on() -> None:
    talk = Conversation(L1)
    assert talk.says(Intent.DONT_KNOW).kind is MoveKind.HINT
    assert talk.says(Intent.DONT_KNOW).kind is MoveKind.CLOSE


def test_skip_goes_on_at_once() -> None:
    assert Conversation(L1).says(Intent.SKIP).kind is MoveKind.CLOSE


def test_thinking_and_taking_back_are_granted() -> None:
    talk = Conversation(L1)
    assert talk.says(Intent.THINK).kind is MoveKind.WAIT
    assert talk.says(Intent.RETRACT).target_id == "struck"


def test_a_retracted_answer_counts_no_more() -> None:
    talk = Conversation(L1)
    talk.says(points=ALL_MET, retracted=True)
    assert talk.state.verdicts == {}


def test_a_later_contradiction_voids_and_a_correction_heals() -> None:
    talk = Conversation(L1)
    talk.says(points={"exact_zeros": Verdict.MET})
    talk.says(points={"exact_zeros": Verdict.CONTRADICTED})
    assert talk.state.verdicts == {"exact_zeros": Verdict.CONTRADICTED}
    talk.says(points={"exact_zeros": Verdict.MET})
    talk.says(points={"exact_zeros": Verdict.PARTLY})
    assert talk.state.verdicts == {"exact_zeros": Verdict.MET}


def test_the_last_minutes_belong_to_the_candidates_questions() -> None:
    talk = Conversation(L1)
    assert talk.says(minutes=42).target_id == "questions"
    assert talk.says(Intent.ASK).target_id == "closing"
    assert talk.says(Intent.CHAT).target_id == "end"
    assert talk.state.finished


def test_finish_ends_at_once() -> None:
    talk = Conversation(L1)
    assert talk.says(Intent.FINISH, Intent.ANSWER).target_id == "end"


def test_a_drill_asks_no_follow_ups_and_gives_no_hints() -> None:
    talk = Conversation(L1, setup=Setup(round="ml_fundamentals", format=Format.DRILL))
    move = talk.says()
    assert (move.kind, move.target_id) == (MoveKind.CLOSE, "end")


def test_seniority_changes_what_is_pressed_for() -> None:
    core_met = {p.id: Verdict.MET for p in BANK.questions[L1].key_points if p.tier == "core"}
    junior = Setup(round="ml_fundamentals", seniority=Seniority.JUNIOR)
    assert Conversation(L1, setup=junior).says(points=core_met).kind is MoveKind.CLOSE
    assert Conversation(L1).says(points=core_met).kind is MoveKind.PROBE


DESIGN = "marketplace_recommender"


@pytest.fixture
def design() -> Conversation:
    if DESIGN not in BANK.questions:
        pytest.fail(f"the bank lacks the flagship scenario {DESIGN}")
    return Conversation(DESIGN)


def test_a_design_walks_the_six_stages_and_closes(design: Conversation) -> None:
    stages = [design.state.stage]
    for _ in range(6):
        move = design.says(Intent.SKIP)
        if move.kind is MoveKind.ADVANCE:
            stages.append(move.stage)
    assert stages == ["requirements", "data", "features", "model", "serving", "monitoring"]
    assert design.state.closing


def test_a_stage_that_used_its_minutes_gives_way(design: Conversation) -> None:
    move = design.says(minutes=12)
    assert (move.kind, move.stage) == (MoveKind.ADVANCE, "data")


def test_facts_are_told_when_asked_for_and_unknown_ones_admitted(design: Conversation) -> None:
    fact = design.snapshot.questions[0].facts[0].id
    move = design.says(Intent.ASK, facts=(fact,), unknown=("And the weather?",))
    assert (move.kind, move.fact_ids, move.unknown) == (MoveKind.REVEAL, (fact,), True)


def test_a_twist_comes_once_when_a_stage_is_done_early(design: Conversation) -> None:
    question = design.snapshot.questions[0]
    first = next(t for t in question.twists)
    while design.state.stage != first.stage:
        design.says(Intent.SKIP)
    met = {p.id: Verdict.MET for p in question.points_of(first.stage)}
    move = design.says(points=met)
    assert (move.kind, move.target_id) == (MoveKind.TWIST, first.id)
    assert design.says(points=met).target_id != first.id


def test_a_vague_question_is_asked_back_about_and_told_when_asked_again(
    design: Conversation,
) -> None:
    fact = design.snapshot.questions[0].facts[0].id
    assert design.says(Intent.ASK, likely=(fact,)).target_id == "be_specific"
    move = design.says(Intent.ASK, likely=(fact,))
    assert (move.kind, move.fact_ids) == (MoveKind.REVEAL, (fact,))
