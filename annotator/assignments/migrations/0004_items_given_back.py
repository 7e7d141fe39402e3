from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("assignments", "0003_withdrawn_slots_and_extra_votes"),
        ("items", "0001_initial"),
        ("projects", "0005_verdicts_on_batches"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="assignment",
            name="annotator_once_an_item",
        ),
        migrations.AddField(
            model_name="assignment",
            name="given_back",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddConstraint(
            model_name="assignment",
            constraint=models.UniqueConstraint(
                condition=models.Q(("annotator__isnull", False), ("given_back", False)),
                fields=("item", "annotator"),
                name="annotator_once_an_item",
            ),
        ),
        migrations.AddConstraint(
            model_name="assignment",
            constraint=models.CheckConstraint(
                condition=models.Q(("given_back", False), ("state", "rejected"), _connector="OR"),
                name="given_back_is_rejected",
            ),
        ),
    ]
