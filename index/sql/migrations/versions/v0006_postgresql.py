"""What PostgreSQL needs: text of any length in the order of its characters, comparable JSON, 64-bit numbers, long names indexed.

In both databases: a name for the store, under which a server keeps its vectors; feedback, which stood beside the schema before;
indexes that a store made as version 5 has, and one brought to it has not.
"""

from uuid import uuid4

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision, down_revision = "0006", "0005"

TEXTS = {
    "meta": ["key", "value"],
    "originals": ["sha256", "file_name"],
    "documents": ["id", "sha256", "title", "department", "kind", "parsed", "indexed_at", "path", "repeats",
                  "superseded_by", "source_url"],
    "facts": ["document", "department", "source", "table_kind", "table_number", "table_title", "label", "name", "code",
              "role", "side", "budget_unit", "column_name", "text", "value", "unit"],
    "chunks": ["document", "key", "kind", "subject", "heading", "text", "body"],
    "feedback": ["given_at", "question", "answer", "remark"],
}  # fmt: skip
JSONS = {"facts": ["path", "column", "facets", "place"], "chunks": ["place"]}


def upgrade() -> None:
    op.create_table(
        "feedback",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("given_at", sa.Text, nullable=False),
        sa.Column("good", sa.Boolean, nullable=False),
        sa.Column("question", sa.Text, nullable=False),
        sa.Column("answer", sa.Text, nullable=False),
        sa.Column("remark", sa.Text, nullable=False),
        sa.Column("plan", sa.JSON),
        if_not_exists=True,
    )
    if op.get_bind().dialect.name == "postgresql":
        _for_postgresql()
    project = sa.text("role = 'project'")  # one fact in thirty
    op.create_index("facts_of_projects", "facts", ["role", "document"], sqlite_where=project, postgresql_where=project,
                    if_not_exists=True)  # fmt: skip
    op.create_index("facts_by_unit", "facts", ["budget_unit", "department"], if_not_exists=True)
    op.create_index("chunks_by_kind", "chunks", ["kind", "document"])
    # What a program from before alembic reads, so that it leaves this store alone.
    meta = sa.table("meta", sa.column("key"), sa.column("value"))
    op.execute(sa.delete(meta).where(meta.c.key == "schema"))
    op.execute(sa.insert(meta).values(key="schema", value="6"))
    op.execute(sa.insert(meta).values(key="identity", value=uuid4().hex))


def _for_postgresql() -> None:
    # A B-tree holds no more than 2,700 bytes, and a name or a header may be a paragraph: names are hashed, and within a
    # document's tables of one kind columns are compared one by one.
    for name in ("facts_by_name", "facts_by_table", "facts_by_unit", "documents_by_department", "documents_by_path"):
        op.execute(f"DROP INDEX IF EXISTS {name}")
    op.drop_constraint("documents_sha256_fkey", "documents")
    for table in ("facts", "chunks"):
        op.drop_constraint(f"{table}_document_fkey", table)
    for table, columns in TEXTS.items():
        for column in columns:
            op.alter_column(table, column, type_=postgresql.TEXT(collation="C"))
    for table, columns in JSONS.items():
        for column in columns:
            op.alter_column(table, column, type_=postgresql.JSONB(), postgresql_using=f'"{column}"::jsonb')
    op.create_foreign_key("documents_sha256_fkey", "documents", "originals", ["sha256"], ["sha256"])
    for table in ("facts", "chunks"):
        op.create_foreign_key(f"{table}_document_fkey", table, "documents", ["document"], ["id"])
        op.alter_column(table, "id", type_=sa.BigInteger())
        op.execute(f"ALTER SEQUENCE {table}_id_seq AS bigint")
    op.create_index("facts_by_name", "facts", ["name"], postgresql_using="hash")
    op.create_index("facts_by_unit", "facts", ["budget_unit"], postgresql_using="hash")
    op.create_index("documents_by_department", "documents", ["department"], postgresql_using="hash")
    op.create_index("documents_by_path", "documents", ["path"], postgresql_using="hash")
    op.create_index("facts_by_table", "facts", ["document", "table_kind"])
