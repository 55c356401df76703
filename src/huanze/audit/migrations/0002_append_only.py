"""The database itself refuses to change or remove what was recorded.

Whoever owns the tables can drop a trigger; the chain then shows what was done. The head may only
move forward. SQLite's ``INSERT OR REPLACE`` removes a row without a delete trigger, hence ``_once``.
"""

from django.db import migrations

KEPT = {"audit_entry": "seq", "audit_dailyhead": "day"}
SAYS = "审计记录只能追加，不得修改或删除。"

POSTGRESQL = f"""
CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '{SAYS}' USING ERRCODE = 'integrity_constraint_violation'; END $$;
CREATE TRIGGER audit_head_forward BEFORE UPDATE ON audit_head
  FOR EACH ROW WHEN (NEW.seq <= OLD.seq) EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER audit_head_kept BEFORE DELETE ON audit_head FOR EACH ROW EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER audit_head_whole BEFORE TRUNCATE ON audit_head FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
"""


def postgresql():
    yield POSTGRESQL
    for table in KEPT:
        yield f"CREATE TRIGGER {table}_kept BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION audit_refuse()"
        yield f"CREATE TRIGGER {table}_whole BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()"


def sqlite():
    refuse = f"BEGIN SELECT RAISE(ABORT, '{SAYS}'); END"
    yield f"CREATE TRIGGER audit_head_forward BEFORE UPDATE ON audit_head WHEN NEW.seq <= OLD.seq {refuse}"
    yield f"CREATE TRIGGER audit_head_kept BEFORE DELETE ON audit_head {refuse}"
    yield f"CREATE TRIGGER audit_head_once BEFORE INSERT ON audit_head WHEN EXISTS (SELECT 1 FROM audit_head) {refuse}"
    for table, key in KEPT.items():
        yield f"CREATE TRIGGER {table}_unchanged BEFORE UPDATE ON {table} {refuse}"
        yield f"CREATE TRIGGER {table}_kept BEFORE DELETE ON {table} {refuse}"
        yield (
            f"CREATE TRIGGER {table}_once BEFORE INSERT ON {table} "
            f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {key} = NEW.{key}) {refuse}"
        )


def guard(apps, schema_editor):
    for statement in {"sqlite": sqlite, "postgresql": postgresql}[schema_editor.connection.vendor]():
        schema_editor.execute(statement, params=None)


def unguard(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP FUNCTION audit_refuse() CASCADE")
        return
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name LIKE 'audit\\_%' ESCAPE '\\'")
        for (name,) in cursor.fetchall():
            cursor.execute(f"DROP TRIGGER {name}")


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]
    operations = [migrations.RunPython(guard, unguard)]
