"""An administrator holds no post, said by the database itself.

The rule spans two tables, so no CHECK can say it; triggers can, and they also stop bulk inserts and
hand-written SQL. On PostgreSQL the holding's side takes a share lock on the account, so that of two
transactions that give one account a role and a post at once, the second sees the first and is refused.

A later migration that alters orgs_user or orgs_holding rebuilds the table on SQLite and loses its
triggers: run ``install`` again at its end. A test tries both sides with plain SQL.
"""

from django.db import migrations

TEXT = "an administrator holds no post"

SQLITE = [
    f"""CREATE TRIGGER IF NOT EXISTS holding_by_administrator_{event} BEFORE {when} ON orgs_holding
        WHEN (SELECT admin_role FROM orgs_user WHERE id = NEW.user_id) <> ''
        BEGIN SELECT RAISE(ABORT, '{TEXT}'); END"""
    for event, when in (("insert", "INSERT"), ("update", "UPDATE OF user_id"))
] + [
    f"""CREATE TRIGGER IF NOT EXISTS administrator_with_holding BEFORE UPDATE OF admin_role ON orgs_user
        WHEN NEW.admin_role <> '' AND EXISTS (SELECT 1 FROM orgs_holding WHERE user_id = NEW.id)
        BEGIN SELECT RAISE(ABORT, '{TEXT}'); END"""
]

POSTGRESQL = [
    f"""CREATE OR REPLACE FUNCTION orgs_holding_by_administrator() RETURNS trigger AS $$
        DECLARE role text;
        BEGIN
            SELECT admin_role INTO role FROM orgs_user WHERE id = NEW.user_id FOR SHARE;
            IF role <> '' THEN RAISE EXCEPTION '{TEXT}' USING ERRCODE = 'integrity_constraint_violation'; END IF;
            RETURN NEW;
        END $$ LANGUAGE plpgsql""",
    f"""CREATE OR REPLACE FUNCTION orgs_administrator_with_holding() RETURNS trigger AS $$
        BEGIN
            IF NEW.admin_role <> '' AND EXISTS (SELECT 1 FROM orgs_holding WHERE user_id = NEW.id)
            THEN RAISE EXCEPTION '{TEXT}' USING ERRCODE = 'integrity_constraint_violation'; END IF;
            RETURN NEW;
        END $$ LANGUAGE plpgsql""",
    """CREATE OR REPLACE TRIGGER holding_by_administrator BEFORE INSERT OR UPDATE OF user_id ON orgs_holding
        FOR EACH ROW EXECUTE FUNCTION orgs_holding_by_administrator()""",
    """CREATE OR REPLACE TRIGGER administrator_with_holding BEFORE UPDATE OF admin_role ON orgs_user
        FOR EACH ROW EXECUTE FUNCTION orgs_administrator_with_holding()""",
]


def install(apps, schema_editor):
    for statement in SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRESQL:
        schema_editor.execute(statement)


def remove(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        for name in ("holding_by_administrator_insert", "holding_by_administrator_update", "administrator_with_holding"):
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {name}")
        return
    schema_editor.execute("DROP TRIGGER IF EXISTS holding_by_administrator ON orgs_holding")
    schema_editor.execute("DROP TRIGGER IF EXISTS administrator_with_holding ON orgs_user")


class Migration(migrations.Migration):
    dependencies = [("orgs", "0001_initial")]
    operations = [migrations.RunPython(install, remove)]
