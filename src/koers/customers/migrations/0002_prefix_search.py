"""Indexes that a search by the beginning of a name or town can walk, in any case of letters."""

from django.db import migrations

INDEXES = (
    ("companies_search_name", "customers_company", "name"),
    ("companies_search_city", "customers_company", "city"),
    ("contacts_search_name", "customers_contact", "last_name"),
)


def add(apps, schema_editor):
    # istartswith is UPPER(x::text) LIKE 'ABC%' on PostgreSQL, and x LIKE 'abc%' on SQLite, whose LIKE
    # knows no case and so takes an index only when that knows none either.
    form = "({} COLLATE NOCASE)" if schema_editor.connection.vendor == "sqlite" else "(upper({}::text) text_pattern_ops)"
    for name, table, column in INDEXES:
        schema_editor.execute(f"CREATE INDEX {name} ON {table} {form.format(column)}")


def drop(apps, schema_editor):
    for name, _table, _column in INDEXES:
        schema_editor.execute(f"DROP INDEX {name}")


class Migration(migrations.Migration):
    dependencies = [("customers", "0001_initial")]
    operations = [migrations.RunPython(add, drop)]
