"""What alembic runs: the migrations, on the connection that it is handed (index/sql/database.py), in that one's transaction."""

from alembic import context

context.configure(connection=context.config.attributes["connection"])
context.run_migrations()
