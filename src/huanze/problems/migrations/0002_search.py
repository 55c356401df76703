"""The table of the text search, which Django cannot make: see ``huanze.problems.search``.

There is no foreign key on it: an id is never given twice, and a line without its problem is never shown.
"""

from django.db import migrations, models

import huanze.problems.search

# detail=none, columnsize=0: no positions and no lengths, for nothing is ranked. "Mc" and "Cn" among the letters:
# what Python counts as a letter is one here too, also where the tokenizer's Unicode 6.1 knew it not yet.
SQLITE = """
CREATE VIRTUAL TABLE problems_search USING fts5(
  body, content='', detail=none, columnsize=0,
  tokenize="unicode61 remove_diacritics 0 categories 'L* N* Mc Co Cn'"
)
"""
POSTGRESQL = (
    "CREATE TABLE problems_search (rowid bigint PRIMARY KEY, body tsvector NOT NULL)",
    "CREATE INDEX problems_search_body ON problems_search USING gin (body)",
)


def make(apps, schema_editor):
    for statement in POSTGRESQL if schema_editor.connection.vendor == "postgresql" else (SQLITE,):
        schema_editor.execute(statement, params=None)


def drop(apps, schema_editor):
    schema_editor.execute("DROP TABLE problems_search", params=None)


class Migration(migrations.Migration):
    dependencies = [("problems", "0001_initial")]
    operations = [
        migrations.RunPython(make, drop),
        migrations.CreateModel(
            name="Entry",
            fields=[
                ("id", models.BigIntegerField(db_column="rowid", primary_key=True, serialize=False)),
                ("body", huanze.problems.search.Body()),
            ],
            options={"db_table": "problems_search", "managed": False, "default_permissions": ()},
        ),
    ]
