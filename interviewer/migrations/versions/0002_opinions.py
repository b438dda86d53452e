"""What candidates say of the grading: self-ratings, contests, reports on questions. Adds, changes nothing."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "self_ratings",
        sa.Column(
            "session_id",
            sa.String(32),
            sa.ForeignKey("sessions.id", ondelete="CASCADE"),
            primary_key=True,
        ),
        sa.Column("percent", sa.Integer, nullable=False),
        sa.Column("rated_at", sa.DateTime, nullable=False),
    )
    op.create_table(
        "contests",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column(
            "session_id",
            sa.String(32),
            sa.ForeignKey("sessions.id", ondelete="CASCADE"),
            index=True,
            nullable=False,
        ),
        sa.Column("contest", sa.JSON, nullable=False),
    )
    op.create_table(
        "question_reports",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("question_id", sa.String(80), nullable=False),
        sa.Column("question_hash", sa.String(64), nullable=False),
        # A report outlives its session: it is about the question.
        sa.Column("session_id", sa.String(32), sa.ForeignKey("sessions.id", ondelete="SET NULL")),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("made_at", sa.DateTime, nullable=False),
    )
