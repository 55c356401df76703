"""Signatures and written views stay as they were given, and nothing is slipped into a published list (A1, A2, A3).

``0003`` keeps what stands in a published version; here no item or unit of another version is moved into one. A later
migration that alters these tables rebuilds them on SQLite and loses the triggers: run ``install`` again at its end.
"""

from django.db import migrations

SIGNED = "已签署的意见不得改动。"
WRITTEN = "已提出的书面意见不得改动。"
PUBLISHED = "已公开的清单不得改动，需要调整的请编制新的一版。"
INTO = {
    "duties_item": "EXISTS (SELECT 1 FROM duties_listversion v WHERE v.id = NEW.version_id AND v.state = 'published')",
    "duties_itemunit": (
        "EXISTS (SELECT 1 FROM duties_item i JOIN duties_listversion v ON v.id = i.version_id WHERE i.id = NEW.item_id AND v.state = 'published')"
    ),
}
GUARDS = [
    *((f"{table}_{event}", table, event, "", SIGNED) for table in ("duties_chainstep", "duties_decisionsignature") for event in ("update", "delete")),
    *((f"duties_view_{event}", "duties_view", event, "OLD.given_on IS NOT NULL", WRITTEN) for event in ("update", "delete")),
    *((f"{table}_into", table, "update", condition, PUBLISHED) for table, condition in INTO.items()),
]
"""Trigger, table, event, condition (none: always), and what is said."""


def install(apps, schema_editor):
    for name, table, event, condition, says in GUARDS:
        if schema_editor.connection.vendor == "sqlite":
            when = f"WHEN {condition} " if condition else ""
            schema_editor.execute(f"CREATE TRIGGER {name} BEFORE {event} ON {table} {when}BEGIN SELECT RAISE(ABORT, '{says}'); END", params=None)
            continue
        schema_editor.execute(
            f"""CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                    IF {condition or "TRUE"} THEN RAISE EXCEPTION '{says}' USING ERRCODE = 'integrity_constraint_violation'; END IF;
                    RETURN {"OLD" if event == "delete" else "NEW"};
                END $$""",
            params=None,
        )
        schema_editor.execute(f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()", params=None)


def remove(apps, schema_editor):
    for name, *_ in GUARDS:
        if schema_editor.connection.vendor == "sqlite":
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {name}")
        else:
            schema_editor.execute(f"DROP FUNCTION IF EXISTS {name}() CASCADE")


class Migration(migrations.Migration):
    dependencies = [("duties", "0005_committees_reminders_as_worked")]
    operations = [migrations.RunPython(install, remove)]
