"""Which documents are of one budget: before, each file counted as one."""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0003", "0002"


def upgrade() -> None:
    op.add_column("documents", sa.Column("path", sa.Text))
    op.add_column("documents", sa.Column("added", sa.Integer, nullable=False, server_default="0"))
    op.add_column("documents", sa.Column("repeats", sa.String(16)))
    op.add_column("documents", sa.Column("superseded_by", sa.String(16)))
