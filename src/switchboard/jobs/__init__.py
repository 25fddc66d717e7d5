"""Durable work on Procrastinate: jobs live in our PostgreSQL and commit with the row they belong to."""
