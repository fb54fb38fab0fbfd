"""PostgreSQL refuses to empty the audit trail in one go; a row's trigger does not see TRUNCATE."""

from django.db import migrations

TABLES = ("core_auditentry", "core_auditseal")


def add_triggers(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    for table in TABLES:
        schema_editor.execute(
            f"CREATE TRIGGER audit_no_truncate BEFORE TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()"
        )


def drop_triggers(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    for table in TABLES:
        schema_editor.execute(f"DROP TRIGGER audit_no_truncate ON {table}")


class Migration(migrations.Migration):
    dependencies = [("core", "0005_audit_seals_are_append_only")]
    operations = [migrations.RunPython(add_triggers, drop_triggers)]
