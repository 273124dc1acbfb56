"""Run the migrations over the connection that `store.migrate` hands in."""

from alembic import context

from chengdan.store.system import SCHEMA

context.configure(
    connection=context.config.attributes["connection"],
    version_table_schema=SCHEMA,
    transaction_per_migration=False,
)
with context.begin_transaction():
    context.run_migrations()
