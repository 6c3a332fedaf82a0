"""The first tables: articles, figures and panels of a data set."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

revision = "2026_11_27"
down_revision: str | None = None
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_TYPES: dict[str, sa.types.TypeEngine[Any]] = {
    "text": sa.Text(), "number": sa.Double(), "integer": sa.Integer(), "yes/no": sa.Boolean(), "day": sa.Date(),
    "texts": ARRAY(sa.Text()), "numbers": ARRAY(sa.Double()), "records": JSONB(),
}  # fmt: skip
_ARTICLES = {
    "text": (
        "article_digest name source url doi title journal published_precision abstract licence licence_url "
        "split versions"
    ),
    "texts": "authors keywords",
    "day": "published retrieved_at",
    "integer": "year figures panels",
    "yes/no": "is_open",
    "records": "origins",
}
_FIGURES = {
    "text": (
        "article_id article_digest figure_digest figure_name label title caption caption_parts image_url "
        "image_sha256 perceptual_hash article_name article_title article_url source journal doi licence "
        "licence_url own_licence licence_words split versions"
    ),
    "integer": "number width_px height_px panels year",
    "texts": "general",
    "records": "mentions origins",
    "yes/no": "is_open",
}
_PANELS = {
    "text": (
        "figure_id article_id article_digest figure_name crop_name label label_origin kind type type_origin "
        "caption scale_origin parent_id article_title article_url source journal doi licence licence_url split "
        "versions"
    ),
    "number": (
        "label_confidence box_confidence kind_confidence type_confidence nm_per_px scale_confidence width_nm height_nm"
    ),
    "numbers": "label_box box",
    "texts": "caption_sentences keywords techniques doubts",
    "records": "mentions scale_bars",
    "yes/no": "is_inset reviewed is_open",
    "integer": "year",
}


def upgrade() -> None:
    """Make the tables."""
    _make("articles", "article_id", _ARTICLES)
    _make("figures", "id", _FIGURES, parent=("article_id", "articles", "article_id"))
    _make("panels", "id", _PANELS, parent=("figure_id", "figures", "id"))


def downgrade() -> None:
    """Remove the tables."""
    for name in ("panels", "figures", "articles"):
        op.drop_table(name, schema="exsclaim")


def _make(name: str, key: str, columns: dict[str, str], parent: tuple[str, str, str] | None = None) -> None:
    constraints: list[sa.schema.SchemaItem] = [sa.PrimaryKeyConstraint("dataset", key)]
    if parent:
        column, table, its_key = parent
        there = [f"exsclaim.{table}.dataset", f"exsclaim.{table}.{its_key}"]
        constraints.append(
            sa.ForeignKeyConstraint(["dataset", column], there, ondelete="CASCADE", name=f"{name}_{table}")
        )
    made = [sa.Column(each, _TYPES[kind]) for kind, names in columns.items() for each in names.split()]
    op.create_table(
        name, sa.Column("dataset", sa.Text()), sa.Column(key, sa.Text()), *made, *constraints, schema="exsclaim"
    )
