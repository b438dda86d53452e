"""Typed reads and writes of what candidates say of the grading: self-ratings, contests, reports.

Invariant: a self-rating is written only while its session has no scorecard: nobody rates themselves
with the score before their eyes. All but reports go with their session.
"""

from __future__ import annotations

from datetime import UTC

import sqlalchemy as sa

from interviewer.schema import Contest, QuestionReport, Scorecard, SelfRating
from interviewer.store.database import naive
from interviewer.store.tables import (
    contests_table,
    question_reports_table,
    scorecards_table,
    self_ratings_table,
)


class Opinions:
    """Reads and writes over the store's engine, each in one transaction."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def save_self_rating(self, session_id: str, rating: SelfRating) -> bool:
        """Write or change the rating; return whether it was still time: no scorecard made yet."""
        table = self_ratings_table
        is_shown = sa.exists().where(scorecards_table.c.session_id == session_id)
        values = sa.select(
            sa.literal(session_id),
            sa.literal(rating.percent),
            sa.literal(naive(rating.rated_at), sa.DateTime),
        ).where(~is_shown)
        columns = [table.c.session_id, table.c.percent, table.c.rated_at]
        with self._engine.begin() as connection:
            connection.execute(table.delete().where(table.c.session_id == session_id, ~is_shown))
            written = connection.execute(table.insert().from_select(columns, values))
            return written.rowcount == 1

    def self_rating(self, session_id: str) -> SelfRating | None:
        """Return what the candidate expected, if they said so."""
        query = sa.select(self_ratings_table).where(self_ratings_table.c.session_id == session_id)
        with self._engine.connect() as connection:
            row = connection.execute(query).one_or_none()
        if row is None:
            return None
        return SelfRating(percent=row.percent, rated_at=row.rated_at.replace(tzinfo=UTC))

    def rated_scorecards(self) -> list[Scorecard]:
        """Return the latest scorecard of each session that was self-rated, oldest rating first."""
        cards, ratings = scorecards_table.c, self_ratings_table.c
        latest = sa.select(sa.func.max(cards.id)).group_by(cards.session_id)
        query = (
            sa.select(cards.scorecard)
            .join(self_ratings_table, ratings.session_id == cards.session_id)
            .where(cards.id.in_(latest))
            .order_by(ratings.rated_at, cards.id)
        )
        with self._engine.connect() as connection:
            return [Scorecard.model_validate(raw) for raw in connection.execute(query).scalars()]

    def add_contest(self, session_id: str, contest: Contest) -> int:
        """Write a contest; return its id."""
        row = {"session_id": session_id, "contest": contest.model_dump(mode="json")}
        with self._engine.begin() as connection:
            key = connection.execute(contests_table.insert().values(row)).inserted_primary_key
        assert key is not None
        return int(key[0])

    def replace_contest(self, contest_id: int, contest: Contest) -> None:
        """Write a contest again, with another ruling."""
        with self._engine.begin() as connection:
            connection.execute(
                contests_table.update()
                .where(contests_table.c.id == contest_id)
                .values(contest=contest.model_dump(mode="json"))
            )

    def contests(self, session_id: str) -> dict[int, Contest]:
        """Return every contest of a session by its id, oldest first."""
        query = (
            sa.select(contests_table)
            .where(contests_table.c.session_id == session_id)
            .order_by(contests_table.c.id)
        )
        with self._engine.connect() as connection:
            return {
                row.id: Contest.model_validate(row.contest) for row in connection.execute(query)
            }

    def contested_session_ids(self) -> list[str]:
        """Return the sessions with contests, the one contested first leading."""
        query = (
            sa.select(contests_table.c.session_id)
            .group_by(contests_table.c.session_id)
            .order_by(sa.func.min(contests_table.c.id))
        )
        with self._engine.connect() as connection:
            return list(connection.execute(query).scalars())

    def add_report(self, report: QuestionReport) -> None:
        """Write a note on a question."""
        row = report.model_dump() | {"made_at": naive(report.made_at)}
        with self._engine.begin() as connection:
            connection.execute(question_reports_table.insert().values(row))

    def reports(self) -> list[QuestionReport]:
        """Return every note on a question, oldest first."""
        query = sa.select(question_reports_table).order_by(question_reports_table.c.id)
        with self._engine.connect() as connection:
            return [_report(row._mapping) for row in connection.execute(query)]


def _report(row: sa.RowMapping) -> QuestionReport:
    fields = {name: row[name] for name in QuestionReport.model_fields}
    return QuestionReport(**fields | {"made_at": row["made_at"].replace(tzinfo=UTC)})
