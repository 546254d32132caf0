"""What was begun at an address, found without reading everything that was begun."""

from __future__ import annotations

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """From 0007."""
    op.execute("CREATE INDEX ix_intent_match ON intent (match_value)")
