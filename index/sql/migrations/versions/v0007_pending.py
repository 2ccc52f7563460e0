"""Which vectors may be orphans: before, they were looked for among all."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision, down_revision = "0007", "0006"


def upgrade() -> None:
    op.create_table("pending", sa.Column("key", sa.Text, primary_key=True))
    if op.get_bind().dialect.name == "postgresql":
        op.alter_column("pending", "key", type_=postgresql.TEXT(collation="C"))
