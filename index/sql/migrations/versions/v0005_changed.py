"""When each document last changed: before, every change was one of the whole store."""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0005", "0004"


def upgrade() -> None:
    op.add_column("documents", sa.Column("changed", sa.Integer, nullable=False, server_default="0"))
    op.execute("UPDATE documents SET changed = added")
    op.create_index("documents_by_department", "documents", ["department"], if_not_exists=True)
    op.create_index("documents_by_file", "documents", ["sha256"], if_not_exists=True)
    op.create_index("documents_by_path", "documents", ["path"], if_not_exists=True)
