"""The tables; `interviewer/migrations` creates and changes them."""

from __future__ import annotations

import sqlalchemy as sa

metadata = sa.MetaData()

sessions_table = sa.Table(
    "sessions",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("setup", sa.JSON, nullable=False),
    sa.Column("snapshot", sa.JSON, nullable=False),
    sa.Column("snapshot_hash", sa.String(64), nullable=False),
    sa.Column("interviewer", sa.String(200), nullable=False),
    sa.Column("status", sa.String(16), nullable=False),
    sa.Column("seconds", sa.Float, nullable=False, default=0.0),
    sa.Column("started_at", sa.DateTime, nullable=False, index=True),
    sa.Column("updated_at", sa.DateTime, nullable=False),
)
turns_table = sa.Table(
    "turns",
    metadata,
    sa.Column("session_id", sa.ForeignKey("sessions.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("turn", sa.JSON, nullable=False),
)
grades_table = sa.Table(
    "grades",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("session_id", sa.ForeignKey("sessions.id", ondelete="CASCADE"), index=True),
    sa.Column("question_id", sa.String(80), nullable=False),
    sa.Column("grade", sa.JSON, nullable=False),
    sa.Column("made_at", sa.DateTime, nullable=False),
)
scorecards_table = sa.Table(
    "scorecards",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("session_id", sa.ForeignKey("sessions.id", ondelete="CASCADE"), index=True),
    sa.Column("scorecard", sa.JSON, nullable=False),
    sa.Column("made_at", sa.DateTime, nullable=False),
)
usage_table = sa.Table(
    "usage",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("session_id", sa.ForeignKey("sessions.id", ondelete="CASCADE"), index=True),
    sa.Column("purpose", sa.String(16), nullable=False),
    sa.Column("model", sa.String(200), nullable=False),
    sa.Column("prompt_tokens", sa.Integer, nullable=False),
    sa.Column("completion_tokens", sa.Integer, nullable=False),
    sa.Column("cost", sa.Float),
    sa.Column("at", sa.DateTime, nullable=False),
)
self_ratings_table = sa.Table(
    "self_ratings",
    metadata,
    sa.Column("session_id", sa.ForeignKey("sessions.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("percent", sa.Integer, nullable=False),
    sa.Column("rated_at", sa.DateTime, nullable=False),
)
contests_table = sa.Table(
    "contests",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column(
        "session_id", sa.ForeignKey("sessions.id", ondelete="CASCADE"), index=True, nullable=False
    ),
    sa.Column("contest", sa.JSON, nullable=False),
)
question_reports_table = sa.Table(
    "question_reports",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("question_id", sa.String(80), nullable=False),
    sa.Column("question_hash", sa.String(64), nullable=False),
    sa.Column("session_id", sa.ForeignKey("sessions.id", ondelete="SET NULL")),
    sa.Column("note", sa.Text, nullable=False),
    sa.Column("made_at", sa.DateTime, nullable=False),
)
