"""The database itself refuses to alter or remove a seal of the audit trail."""

from django.db import migrations

SQLITE = {
    "audit_seal_no_update": "CREATE TRIGGER audit_seal_no_update BEFORE UPDATE ON core_auditseal"
    " BEGIN SELECT RAISE(ABORT, 'seals of the audit trail cannot be changed'); END",
    "audit_seal_no_delete": "CREATE TRIGGER audit_seal_no_delete BEFORE DELETE ON core_auditseal"
    " BEGIN SELECT RAISE(ABORT, 'seals of the audit trail cannot be removed'); END",
}
POSTGRES = (
    "CREATE TRIGGER audit_seal_no_change BEFORE UPDATE OR DELETE ON core_auditseal"
    " FOR EACH ROW EXECUTE FUNCTION audit_refuse()"
)


def add_triggers(apps, schema_editor):
    sqlite = schema_editor.connection.vendor == "sqlite"
    for statement in SQLITE.values() if sqlite else [POSTGRES]:
        schema_editor.execute(statement)


def drop_triggers(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        for name in SQLITE:
            schema_editor.execute(f"DROP TRIGGER {name}")
    else:
        schema_editor.execute("DROP TRIGGER audit_seal_no_change ON core_auditseal")


class Migration(migrations.Migration):
    dependencies = [("core", "0004_audit_seal")]
    operations = [migrations.RunPython(add_triggers, drop_triggers)]
