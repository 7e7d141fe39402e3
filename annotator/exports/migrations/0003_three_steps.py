import django.db.models.deletion
from django.db import migrations, models


def fill_totals(apps, schema_editor):
    """Finished exports say where they lie and what they hold; half-made ones are begun anew."""
    exports = apps.get_model("exports", "Export").objects
    files = apps.get_model("exports", "ExportFile").objects
    exports.filter(state="running").update(state="requested", held_until=None)
    for export in exports.filter(state="done"):
        # As archive.py lays a zip out: 124 bytes a file and its name twice, 98 bytes at the end.
        named = len(f"{export.format}/")
        archive = 98
        for name, size in files.filter(export=export).values_list("name", "bytes").iterator():
            export.file_count += 1
            export.total_bytes += size
            archive += 124 + 2 * (named + len(name.encode())) + size
        export.archive_bytes = archive
        export.folder = f"{export.pk}-{export.attempts}"
        export.stage = "assembly"
        export.save()


class Migration(migrations.Migration):
    dependencies = [
        ("exports", "0002_exportfile_crc32"),
    ]

    operations = [
        migrations.AddField(
            model_name="export",
            name="archive_bytes",
            field=models.PositiveBigIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="export",
            name="crashes",
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="export",
            name="file_count",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="export",
            name="folder",
            field=models.CharField(blank=True, max_length=50),
        ),
        migrations.AddField(
            model_name="export",
            name="spooled_by",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="export",
            name="stage",
            field=models.CharField(
                choices=[("spool", "Spool"), ("shards", "Shards"), ("assembly", "Assembly")],
                default="spool",
                max_length=16,
            ),
        ),
        migrations.AddField(
            model_name="export",
            name="total_bytes",
            field=models.PositiveBigIntegerField(default=0),
        ),
        migrations.AlterField(
            model_name="export",
            name="attempts",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AlterField(
            model_name="export",
            name="state",
            field=models.CharField(
                choices=[
                    ("requested", "Requested"),
                    ("running", "Running"),
                    ("done", "Done"),
                    ("failed", "Failed"),
                    ("cancelled", "Cancelled"),
                    ("expired", "Expired"),
                ],
                default="requested",
                max_length=16,
            ),
        ),
        migrations.CreateModel(
            name="ExportShard",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("requested", "Requested"),
                            ("running", "Running"),
                            ("done", "Done"),
                            ("failed", "Failed"),
                        ],
                        default="requested",
                        max_length=16,
                    ),
                ),
                ("held_until", models.DateTimeField(null=True)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("done_count", models.PositiveIntegerField(default=0)),
                (
                    "export",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="shards",
                        to="exports.export",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("export", "number"), name="export_shard_once")
                ],
            },
        ),
        migrations.RunPython(fill_totals, migrations.RunPython.noop),
    ]
