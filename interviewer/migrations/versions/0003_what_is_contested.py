"""A contest's first view says what it is about: drops the key point that older rows name beside it."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    contests = sa.table("contests", sa.column("id", sa.Integer), sa.column("contest", sa.JSON))
    cards = sa.table("scorecards", sa.column("id", sa.Integer), sa.column("scorecard", sa.JSON))
    connection = op.get_bind()
    for row in connection.execute(sa.select(contests)).all():
        newer = _without_key_point(row.contest)
        connection.execute(contests.update().where(contests.c.id == row.id).values(contest=newer))
    for row in connection.execute(sa.select(cards)).all():
        if contested := row.scorecard.get("contests"):
            card = row.scorecard | {"contests": [_without_key_point(c) for c in contested]}
            connection.execute(cards.update().where(cards.c.id == row.id).values(scorecard=card))


def _without_key_point(contest: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in contest.items() if name != "key_point_id"}
