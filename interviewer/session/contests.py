"""Contests: the candidate points at own words, a second reader decides, both views are kept.

Invariant: a contest is stored before a second reader is asked, quotes the candidate verbatim, and
changes a score only when it is decided.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import TypeAlias

from interviewer.errors import NotAccepted
from interviewer.grading.quotes import LEAST_WORDS, find_words, is_verbatim
from interviewer.grading.second_reader import Appeal, SecondReader
from interviewer.report.contests import calibration_row, contests_of, first_views, item_of
from interviewer.schema import (
    LONGEST_COMMENT,
    Contest,
    Contested,
    Decided,
    Exchange,
    FirstView,
    Graded,
    PointVerdict,
    Question,
    Quote,
    Scorecard,
    Turn,
    Undecided,
    Verdict,
)
from interviewer.session.grades import GradeBook
from interviewer.store import Store

_NOBODY_DECIDES = (
    "No model is configured, so nobody can read it a second time. Your view and the grader's are "
    "both kept; the score stays."
)
_NOT_READ_YET = "The second reading was not finished. Try again."
# Session id -> who decides its contests, if anyone does.
FindReader: TypeAlias = Callable[[str], SecondReader | None]


class ContestBook:
    """Takes contests, has them decided, and keeps them."""

    def __init__(
        self,
        store: Store,
        grade_book: GradeBook,
        second_reader_for: FindReader,
        now: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._grade_book = grade_book
        self._second_reader_for = second_reader_for
        self._now = now

    def add(self, session_id: str, about: Contested, words: str, comment: str = "") -> Scorecard:
        """Contest a point or a charge with own words; return the scorecard with both views.

        Raise NotAccepted when it cannot be contested, or the words are not the candidate's.
        """
        if len(comment.strip()) > LONGEST_COMMENT:
            raise NotAccepted(f"Say why in at most {LONGEST_COMMENT} characters.")
        first, graded = self._contestable(session_id, about)
        turns = self._grade_book.turns_on(session_id, about.question_id)
        contest = Contest(
            question_id=about.question_id,
            quote=_own_words(words, turns),
            comment=comment.strip(),
            first=first,
            first_grader=graded.grader,
            ruling=self._waiting(session_id),
            made_at=self._now(),
        )
        contest_id = self._store.opinions.add_contest(session_id, contest)
        self._decide(session_id, contest_id, contest)
        return self._grade_book.count_again(session_id)

    def decide_again(self, session_id: str) -> Scorecard:
        """Have every undecided contest of a session read again; return the scorecard.

        Raise NotAccepted when nothing is open, or nobody decides.
        """
        if not self.may_decide_again(session_id):
            raise NotAccepted("Nothing contested is open to a second reading.")
        for contest_id in self._undecided(session_id):
            self._decide(
                session_id, contest_id, self._store.opinions.contests(session_id)[contest_id]
            )
        return self._grade_book.count_again(session_id)

    def may_decide_again(self, session_id: str) -> bool:
        """Return whether a contest is undecided and there is somebody to decide it."""
        return bool(self._undecided(session_id)) and self.has_second_reader(session_id)

    def has_second_reader(self, session_id: str) -> bool:
        """Return whether anybody decides the contests of this session."""
        return self._second_reader_for(session_id) is not None

    def calibration_rows(self) -> Iterator[dict[str, object]]:
        """Yield every contested case of every session, for calibrating graders."""
        for session_id in self._store.opinions.contested_session_ids():
            for contest in self._store.opinions.contests(session_id).values():
                turns = self._grade_book.turns_on(session_id, contest.question_id)
                yield calibration_row(contest, self._asked(session_id, contest.question_id), turns)

    def _contestable(self, session_id: str, about: Contested) -> tuple[FirstView, Graded]:
        """Return the first view of what is contested, and its grade."""
        if not self._store.scorecards(session_id):
            raise NotAccepted("Points are contested once the scorecard is made; finish first.")
        grades = self._store.grades(session_id)
        grade = grades.get(about.question_id)
        if not isinstance(grade, Graded):
            raise NotAccepted("This question has no grade to contest.")
        first = first_views(grade).get(about)
        if first is None:
            raise NotAccepted("Choose the point, or the charged misconception, that you contest.")
        if isinstance(first, PointVerdict) and first.verdict is Verdict.MET:
            raise NotAccepted("This point is credited already.")
        earlier = contests_of(grades, self._store.opinions.contests(session_id).values())
        if any(c.about == about and isinstance(c.ruling, Decided) for c in earlier):
            raise NotAccepted("This was decided by a second reading already.")
        return first, grade

    def _waiting(self, session_id: str) -> Undecided:
        reader = self._second_reader_for(session_id)
        return Undecided(reason=_NOT_READ_YET if reader else _NOBODY_DECIDES)

    def _decide(self, session_id: str, contest_id: int, contest: Contest) -> None:
        reader = self._second_reader_for(session_id)
        if reader is None:
            return
        question = self._asked(session_id, contest.question_id)
        turns = self._grade_book.turns_on(session_id, question.id)
        appeal = Appeal(
            Exchange(question=question, turns=turns),
            item_of(contest.about, question),
            contest.quote,
        )
        self._store.opinions.replace_contest(contest_id, contest.ruled(reader.decide(appeal)))

    def _undecided(self, session_id: str) -> list[int]:
        """Return the ids of the latest contests that present grades leave open."""
        contests = self._store.opinions.contests(session_id)
        standing = contests_of(self._store.grades(session_id), contests.values())
        return [
            contest_id
            for contest_id, contest in contests.items()
            if any(contest is c for c in standing) and isinstance(contest.ruling, Undecided)
        ]

    def _asked(self, session_id: str, question_id: str) -> Question:
        questions = self._store.session(session_id).snapshot.questions
        return next(q for q in questions if q.id == question_id)


def _own_words(words: str, turns: Sequence[Turn]) -> Quote:
    """Return the quote that the candidate points at. Raise NotAccepted unless it is theirs, verbatim."""
    said = words.strip().strip('“”"').strip()
    if not said:
        raise NotAccepted("Point at words of your answer: pick a sentence, or paste a passage.")
    own = [t for t in turns if t.role == "candidate"]
    quote = find_words(said, [t for t in own if not t.retracted])
    if quote is None:
        if find_words(said, own):
            raise NotAccepted("You took these words back, so they cannot be pointed at.")
        raise NotAccepted(
            "These are not words of your answer to this question. Copy them as you said them."
        )
    if not is_verbatim(quote, own):
        raise NotAccepted(f"Point at {LEAST_WORDS} words at least, so that they can be judged.")
    return quote
