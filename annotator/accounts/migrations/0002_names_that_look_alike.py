"""Accounts get the skeletons of their names; of those that share one the oldest has it."""

from typing import Any

from django.db import migrations, models

from annotator.accounts.names import skeleton


def fill_skeletons(apps: Any, schema_editor: Any) -> None:
    """Writes what the names look like, the oldest first."""
    user_model = apps.get_model("accounts", "User")
    taken = set()
    for pk, username in list(user_model.objects.order_by("pk").values_list("pk", "username")):
        looks = skeleton(username)
        if looks not in taken:
            taken.add(looks)
            user_model.objects.filter(pk=pk).update(skeleton=looks)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="user",
            name="skeleton",
            field=models.TextField(editable=False, null=True, unique=True),
        ),
        migrations.RunPython(fill_skeletons, migrations.RunPython.noop),
    ]
