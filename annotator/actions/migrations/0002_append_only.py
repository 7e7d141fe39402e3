"""The database itself lets nobody change or remove what was written down."""

from django.db import migrations

POSTGRESQL = (
    """
    CREATE FUNCTION actions_are_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'actions are append-only' USING ERRCODE = 'restrict_violation';
    END $$
    """,
    """
    CREATE TRIGGER action_stays BEFORE UPDATE OR DELETE ON actions_action
    FOR EACH ROW EXECUTE FUNCTION actions_are_append_only()
    """,
)
SQLITE = tuple(
    f"CREATE TRIGGER action_stays_at_{moment.lower()} BEFORE {moment} ON actions_action "
    "BEGIN SELECT RAISE(ABORT, 'actions are append-only'); END"
    for moment in ("UPDATE", "DELETE")
)
NO_POSTGRESQL = (
    "DROP TRIGGER action_stays ON actions_action",
    "DROP FUNCTION actions_are_append_only()",
)
NO_SQLITE = ("DROP TRIGGER action_stays_at_update", "DROP TRIGGER action_stays_at_delete")


def guard(_apps, editor):
    for statement in POSTGRESQL if editor.connection.vendor == "postgresql" else SQLITE:
        editor.execute(statement)


def unguard(_apps, editor):
    for statement in NO_POSTGRESQL if editor.connection.vendor == "postgresql" else NO_SQLITE:
        editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("actions", "0001_initial")]

    operations = [
        migrations.RunPython(guard, unguard),
    ]
