from typing import Any

from django.db import migrations


def withdraw(apps: Any, schema_editor: Any) -> None:
    """Where several were asked and one answered, what that one said stands, undecided."""
    alone = apps.get_model("consensus", "Finding").objects.filter(
        decided=True, value=None, of=1, consensus__annotations__gte=2
    )
    alone.update(decided=False)


class Migration(migrations.Migration):
    dependencies = [("consensus", "0002_disagreement_and_overrides")]

    operations = [migrations.RunPython(withdraw, migrations.RunPython.noop)]
