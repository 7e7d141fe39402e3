"""Empties the database between tests that commit, without truncating every table.

Django's own way truncates those without a row too, and makes permissions and content types anew:
seconds, after a test that leaves a dozen rows in a handful of tables.
"""

from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.recorder import MigrationRecorder

# What `migrate` writes is the same after each test.
KEPT = {one._meta.db_table for one in (MigrationRecorder.Migration, Permission, ContentType)}
# From here on, deleting row by row with its checks takes longer than truncating does.
MOST_ROWS = 5_000


def empty() -> None:
    """Leaves every table as it was before the first test; sequences go on."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, EXISTS (SELECT FROM pg_trigger"
            " WHERE tgrelid = pg_class.oid AND NOT tgisinternal)"
            " FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
        )
        guarded = {name: is_guarded for name, is_guarded in cursor.fetchall() if name not in KEPT}
        counts = " UNION ALL ".join(
            f"SELECT '{name}', (SELECT count(*) FROM"  # noqa: S608 - names are the catalogue's
            f' (SELECT FROM "{name}" LIMIT {MOST_ROWS + 1}) AS few)'
            for name in guarded
        )
        cursor.execute(counts)
        rows = {name: count for name, count in cursor.fetchall() if count}
        if any(count > MOST_ROWS for count in rows.values()):
            # Ids that came back would be taken for those of the tests before.
            call_command(
                "flush", verbosity=0, interactive=False, allow_cascade=False, reset_sequences=False
            )
            return
        # References are checked when the transaction ends: the order is free.
        with transaction.atomic():
            # A trigger lets nobody take rows out of an append-only table.
            for name in sorted(rows, key=lambda name: not guarded[name]):
                statement = "TRUNCATE" if guarded[name] else "DELETE FROM"
                cursor.execute(f'{statement} "{name}"')
