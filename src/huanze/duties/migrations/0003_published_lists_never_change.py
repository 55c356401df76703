"""A published version never changes, nor do its items and their units, said by the database itself (A1).

What may still be written on a published version: the day it ends, once, and its public page. The rule spans tables, so
no CHECK can say it. A later migration that alters these tables rebuilds them on SQLite and loses the triggers: run
``install`` again at its end.
"""

from django.db import migrations

SAYS = "已公开的清单不得改动，需要调整的请编制新的一版。"
FIXED = ("item_list_id", "number", "state", "adoption_id", "chain", "based_on_id", "document_id", "reason", "from_day", "made_by_id", "made_at")
ITEMS = {
    "duties_item": "SELECT 1 FROM duties_listversion v WHERE v.id = {row}.version_id AND v.state = 'published'",
    "duties_itemunit": (
        "SELECT 1 FROM duties_item i JOIN duties_listversion v ON v.id = i.version_id WHERE i.id = {row}.item_id AND v.state = 'published'"
    ),
}
NAMES = [f"{table}_{event}" for table in ITEMS for event in ("insert", "update", "delete")] + ["duties_listversion_update", "duties_listversion_delete"]


def changed(distinct):
    fields = " OR ".join(f"NEW.{field} {distinct} OLD.{field}" for field in FIXED)
    return f"OLD.state = 'published' AND ({fields} OR (OLD.until_day IS NOT NULL AND NEW.until_day {distinct} OLD.until_day))"


def sqlite():
    refuse = f"BEGIN SELECT RAISE(ABORT, '{SAYS}'); END"
    for table, published in ITEMS.items():
        for event, row in (("insert", "NEW"), ("update", "OLD"), ("delete", "OLD")):
            yield f"CREATE TRIGGER {table}_{event} BEFORE {event} ON {table} WHEN EXISTS ({published.format(row=row)}) {refuse}"
    yield f"CREATE TRIGGER duties_listversion_update BEFORE UPDATE ON duties_listversion WHEN {changed('IS NOT')} {refuse}"
    yield f"CREATE TRIGGER duties_listversion_delete BEFORE DELETE ON duties_listversion WHEN OLD.state = 'published' {refuse}"


def postgresql():
    for table, published in ITEMS.items():
        for event, row in (("insert", "NEW"), ("update", "OLD"), ("delete", "OLD")):
            yield f"""CREATE FUNCTION {table}_{event}() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                    IF EXISTS ({published.format(row=row)}) THEN RAISE EXCEPTION '{SAYS}' USING ERRCODE = 'integrity_constraint_violation'; END IF;
                    RETURN {row if event != "update" else "NEW"};
                END $$"""
            yield f"CREATE TRIGGER {table}_{event} BEFORE {event} ON {table} FOR EACH ROW EXECUTE FUNCTION {table}_{event}()"
    yield f"""CREATE FUNCTION duties_listversion_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION '{SAYS}' USING ERRCODE = 'integrity_constraint_violation'; END $$"""
    for event, when in (("update", changed("IS DISTINCT FROM")), ("delete", "OLD.state = 'published'")):
        yield (
            f"CREATE TRIGGER duties_listversion_{event} BEFORE {event} ON duties_listversion FOR EACH ROW WHEN ({when}) "
            "EXECUTE FUNCTION duties_listversion_refuse()"
        )


def install(apps, schema_editor):
    for statement in sqlite() if schema_editor.connection.vendor == "sqlite" else postgresql():
        schema_editor.execute(statement, params=None)


def remove(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        for name in NAMES:
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {name}")
        return
    for name in [*NAMES[:-2], "duties_listversion_refuse"]:
        schema_editor.execute(f"DROP FUNCTION IF EXISTS {name}() CASCADE")


class Migration(migrations.Migration):
    dependencies = [("duties", "0002_initial")]
    operations = [migrations.RunPython(install, remove)]
