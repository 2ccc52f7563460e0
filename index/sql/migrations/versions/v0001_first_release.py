"""The tables of the first release."""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0001", None


def upgrade() -> None:
    op.create_table(
        "meta", sa.Column("key", sa.String(50), primary_key=True), sa.Column("value", sa.Text, nullable=False)
    )
    op.create_table(
        "originals",
        sa.Column("sha256", sa.String(64), primary_key=True),
        sa.Column("file_name", sa.Text, nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "documents",
        sa.Column("id", sa.String(16), primary_key=True),
        sa.Column("sha256", sa.String(64), sa.ForeignKey("originals.sha256"), nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("department", sa.Text, nullable=False),
        sa.Column("year", sa.Integer, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("parsed", sa.Text, nullable=False),
        sa.Column("indexed_at", sa.Text, nullable=False),
    )
    op.create_table(
        "facts",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("document", sa.String(16), sa.ForeignKey("documents.id"), nullable=False),
        sa.Column("department", sa.Text, nullable=False),
        sa.Column("year", sa.Integer, nullable=False),
        sa.Column("source", sa.String(8), nullable=False),
        sa.Column("table_kind", sa.String(40), nullable=False),
        sa.Column("table_number", sa.String(8)),
        sa.Column("table_title", sa.Text, nullable=False),
        sa.Column("table_index", sa.Integer, nullable=False),
        sa.Column("row_index", sa.Integer, nullable=False),
        sa.Column("column_index", sa.Integer, nullable=False),
        sa.Column("label", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("path", sa.JSON, nullable=False),
        sa.Column("code", sa.String(20)),
        sa.Column("level", sa.Integer, nullable=False),
        sa.Column("role", sa.String(10), nullable=False),
        sa.Column("side", sa.String(4)),
        sa.Column("budget_unit", sa.Text),
        sa.Column("column", sa.JSON, nullable=False),
        sa.Column("column_name", sa.Text, nullable=False),
        sa.Column("facets", sa.JSON, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("value", sa.Text),
        sa.Column("unit", sa.String(20)),
        sa.Column("place", sa.JSON, nullable=False),
    )
    op.create_index("facts_by_name", "facts", ["name", "document"])
    op.create_index("facts_by_table", "facts", ["document", "table_kind", "column_name"])
    op.create_index("facts_by_code", "facts", ["code", "document"])
    op.create_table(
        "chunks",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("document", sa.String(16), sa.ForeignKey("documents.id"), nullable=False),
        sa.Column("key", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("heading", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("place", sa.JSON, nullable=False),
        sa.Column("table_index", sa.Integer),
        sa.Column("row_index", sa.Integer),
    )
    op.create_index("ix_chunks_document", "chunks", ["document"])
    op.create_index("ix_chunks_key", "chunks", ["key"])
