"""PostgreSQL: engine, transactions, migrations, and the embedded server for demo and tests."""
