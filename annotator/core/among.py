"""Many ids as one parameter of a query."""

import json
from collections.abc import Sequence

from django.db import connection
from django.db.models.expressions import RawSQL


def among(ids: Sequence[str]) -> RawSQL:
    """UUIDs as texts with dashes, for `item__in`: the database unfolds them.

    As a parameter each, thousands of them are looked at one by one by Django, by the driver and by
    the database's parser.
    """
    if connection.vendor == "sqlite":
        digits = json.dumps([one.replace("-", "") for one in ids])
        return RawSQL("SELECT value FROM json_each(%s)", [digits])
    return RawSQL("SELECT unnest(%s::uuid[])", [f"{{{','.join(ids)}}}"])
