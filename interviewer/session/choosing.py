"""Which questions a new session gets: the bank's, by wish and freshness."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence

from interviewer.content import Bank
from interviewer.errors import ContentError
from interviewer.retrieval import BankIndex
from interviewer.schema import Question, Setup
from interviewer.selection import choose_questions, question_count
from interviewer.store import Store

# Questions of this many latest sessions do not come back while others are left.
_RECENT_SESSIONS = 30
# Enough hits that a long job description reaches many different questions.
_WISH_HITS = 60


class QuestionChooser:
    """Looks up what is near the wish and what was asked lately, and chooses."""

    def __init__(self, bank: Bank, open_index: Callable[[], BankIndex], store: Store) -> None:
        self._bank = bank
        self._open_index = open_index
        self._store = store

    def choose(self, setup: Setup) -> tuple[Question, ...]:
        """Return the session's questions. Raise ContentError when there is none."""
        in_round = self._bank.of_round(setup.round)
        if setup.question_id:
            chosen = [q for q in in_round if q.id == setup.question_id]
        else:
            rubric = self._bank.rubrics[setup.round]
            chosen = choose_questions(
                in_round,
                setup,
                question_count(rubric, setup),
                recent=self._recent_question_ids(),
                relevance=self._relevance(setup),
                seed=secrets.randbits(32),
            )
        if not chosen:
            raise ContentError(
                "question_bank",
                setup.question_id or setup.round,
                "no such question; see `bank search`",
            )
        return tuple(chosen)

    def _relevance(self, setup: Setup) -> dict[str, float]:
        """Return question id -> 0..1 for the topic or job description asked for; empty without one."""
        topics = self._bank.topics
        if setup.topic in topics:
            return {q.id: 1.0 for q in self._bank.of_round(setup.round) if q.topic == setup.topic}
        wish = setup.topic or setup.job_description
        if not wish:
            return {}
        hits = self._open_index().search(
            wish, kinds=("question", "key_point"), round_id=setup.round, limit=_WISH_HITS
        )
        near: dict[str, float] = {}
        for hit in hits:
            if hit.question_id:
                near[hit.question_id] = max(near.get(hit.question_id, 0.0), hit.score)
        return near

    def _recent_question_ids(self) -> Sequence[str]:
        recent = self._store.sessions(limit=_RECENT_SESSIONS)
        return [q.id for record in recent for q in record.snapshot.questions]
