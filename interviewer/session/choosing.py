"""Which questions a new session gets: the bank's, by wish and freshness."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Sequence
from difflib import get_close_matches

from interviewer.content import Bank
from interviewer.errors import ContentError
from interviewer.retrieval import BankIndex
from interviewer.retrieval.lexical import STOP_WORDS
from interviewer.schema import Question, Setup, Topic
from interviewer.selection import choose_questions, question_count
from interviewer.store import Store
from interviewer.text import words

# Questions of this many latest sessions do not come back while others are left.
_RECENT_SESSIONS = 30
# Enough hits that a long job description reaches many different questions.
_WISH_HITS = 60
# How many near topics an error names, and how alike (0..1) they must be written.
_TOPICS_NAMED = 4
_ALIKE = 0.6


class QuestionChooser:
    """Looks up what is near the wish and what was asked lately, and chooses."""

    def __init__(self, bank: Bank, open_index: Callable[[], BankIndex], store: Store) -> None:
        self._bank = bank
        self._open_index = open_index
        self._store = store

    def choose(self, setup: Setup) -> tuple[Question, ...]:
        """Return the session's questions. Raise ContentError when there is none, or none on the topic."""
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
        if setup.topic:
            return self._on_topic(setup.topic, setup.round)
        return self._near(setup.job_description, setup.round) if setup.job_description else {}

    def _on_topic(self, wish: str, round_id: str) -> dict[str, float]:
        """Return what a topic has, or what is near to words. Raise ContentError, naming near topics."""
        topic = topic_named(wish, self._bank.topics.values())
        if topic is None and self._knows(wish):
            return self._near(wish, round_id)
        own = {q.id: 1.0 for q in self._bank.of_round(round_id) if topic and q.topic == topic.id}
        if own:
            return own
        where = f"it is a topic of {topic.round}" if topic else "no topic and no word of the bank"
        raise ContentError(
            "question_bank",
            wish,
            f"{where}; near it in {round_id}: {', '.join(self._near_topics(wish, round_id))}. "
            "`interviewer bank coverage` lists all topics",
        )

    def _knows(self, wish: str) -> bool:
        """Tell whether words may be looked for: not an id, and at least one that the bank has."""
        telling = {word for word in words(wish) if word not in STOP_WORDS}
        return "_" not in wish and bool(telling - set(self._open_index().unknown_words(wish)))

    def _near(self, wish: str, round_id: str) -> dict[str, float]:
        hits = self._open_index().search(
            wish, kinds=("question", "key_point"), round_id=round_id, limit=_WISH_HITS
        )
        near: dict[str, float] = {}
        for hit in hits:
            if hit.question_id:
                near[hit.question_id] = max(near.get(hit.question_id, 0.0), hit.score)
        return near

    def _near_topics(self, wish: str, round_id: str) -> list[str]:
        """Return ids of topics that are written alike, then of those nearest in meaning."""
        ids = {q.topic for q in self._bank.of_round(round_id)}
        alike = get_close_matches(wish.casefold(), sorted(ids), _TOPICS_NAMED, _ALIKE)
        nearest = [self._bank.questions[i].topic for i in self._near(wish, round_id)]
        return list(dict.fromkeys([*alike, *nearest]))[:_TOPICS_NAMED]

    def _recent_question_ids(self) -> Sequence[str]:
        recent = self._store.sessions(limit=_RECENT_SESSIONS)
        return [q.id for record in recent for q in record.snapshot.questions]


def topic_named(wish: str, topics: Iterable[Topic]) -> Topic | None:
    """Return the topic of this id or name, however it is capitalised."""
    asked = wish.strip().casefold()
    return next((t for t in topics if asked in (t.id, t.name.casefold())), None)
