"""Materials of panels. The next export, which knows articles by their digest, writes those that are there anew."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision = "2026_11_28"
down_revision: str | None = "2026_11_27"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    """Add the column."""
    op.add_column("panels", sa.Column("materials", ARRAY(sa.Text())), schema="exsclaim")
    op.execute("UPDATE exsclaim.articles SET article_digest = ''")


def downgrade() -> None:
    """Remove the column."""
    op.drop_column("panels", "materials", schema="exsclaim")
