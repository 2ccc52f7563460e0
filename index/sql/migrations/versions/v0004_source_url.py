"""Where a file is published, which the operator may say."""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0004", "0003"


def upgrade() -> None:
    op.add_column("documents", sa.Column("source_url", sa.Text))
