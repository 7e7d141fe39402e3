import django.db.models.deletion
import django.utils.timezone
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def take_over(apps: Apps, _schema: BaseDatabaseSchemaEditor) -> None:
    """An upload under way was one file, named by its batch: it is the first part."""
    batches = apps.get_model("projects", "Batch").objects.filter(
        state__in=("uploading", "requested", "running"), offset__gt=0
    )
    part = apps.get_model("ingest", "UploadPart")
    part.objects.bulk_create(
        part(batch=batch, offset=0, bytes=batch.offset, name=str(batch.pk)) for batch in batches
    )


class Migration(migrations.Migration):
    dependencies = [("ingest", "0001_initial"), ("projects", "0002_batch_place")]

    operations = [
        migrations.CreateModel(
            name="UploadPart",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("offset", models.BigIntegerField()),
                ("bytes", models.BigIntegerField()),
                ("name", models.CharField(max_length=100)),
                ("received_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "batch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="projects.batch",
                    ),
                ),
            ],
            options={
                "ordering": ["offset"],
                "constraints": [
                    models.UniqueConstraint(fields=("batch", "offset"), name="upload_part_once"),
                ],
            },
        ),
        migrations.RunPython(take_over, migrations.RunPython.noop),
    ]
