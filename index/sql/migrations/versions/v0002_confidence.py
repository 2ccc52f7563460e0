"""OCR's confidence in a figure: before, no file was read by OCR."""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0002", "0001"


def upgrade() -> None:
    op.add_column("facts", sa.Column("confidence", sa.Float))
