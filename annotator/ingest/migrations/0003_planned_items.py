import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("ingest", "0002_upload_parts"), ("projects", "0006_images_named")]

    operations = [
        migrations.CreateModel(
            name="PlannedItem",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.BigIntegerField()),
                ("line", models.PositiveIntegerField(null=True)),
                ("key", models.CharField(max_length=200)),
                ("prompt", models.TextField()),
                ("images", models.TextField()),
                ("single", models.BooleanField()),
                (
                    "batch",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="projects.batch",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["batch", "position"], name="planned_queue"),
                ],
            },
        ),
    ]
