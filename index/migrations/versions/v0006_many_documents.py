"""What thousands of documents need: when each last changed, which vectors may be orphans, and indexes by department, unit and project.

Before, every change was one of the whole store, and orphans were looked for among all vectors.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision, down_revision = "0006", "0005"
PROJECTS = sa.text("role = 'project'")  # one fact in thirty


def upgrade() -> None:
    op.add_column("documents", sa.Column("changed", sa.Integer, nullable=False, server_default="0"))
    op.execute("UPDATE documents SET changed = added")
    op.create_table("pending", sa.Column("key", sa.Text, primary_key=True))
    if op.get_bind().dialect.name == "postgresql":
        op.alter_column("pending", "key", type_=postgresql.TEXT(collation="C"))
    op.create_index("documents_by_department", "documents", ["department"])
    op.create_index("facts_by_unit", "facts", ["budget_unit", "department"])
    op.create_index("facts_of_projects", "facts", ["role", "document"], sqlite_where=PROJECTS, postgresql_where=PROJECTS)
