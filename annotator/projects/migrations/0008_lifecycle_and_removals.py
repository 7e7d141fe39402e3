import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("projects", "0007_invitation_note"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="project",
            name="state",
            field=models.CharField(
                choices=[
                    ("active", "Active"),
                    ("paused", "Paused"),
                    ("archived", "Archived"),
                    ("deleting", "Deleting"),
                ],
                db_default="active",
                default="active",
                editable=False,
                max_length=16,
            ),
        ),
        migrations.AddConstraint(
            model_name="project",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["active", "paused", "archived", "deleting"])),
                name="project_state",
            ),
        ),
        migrations.AlterField(
            model_name="batch",
            name="state",
            field=models.CharField(
                choices=[
                    ("uploading", "Uploading"),
                    ("requested", "Requested"),
                    ("running", "Running"),
                    ("done", "Done"),
                    ("failed", "Failed"),
                    ("deleting", "Deleting"),
                ],
                default="uploading",
                max_length=16,
            ),
        ),
        migrations.CreateModel(
            name="Removal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
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
                ("holder", models.CharField(blank=True, max_length=64)),
                ("held_until", models.DateTimeField(null=True)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("project_id", models.BigIntegerField()),
                ("batch_id", models.BigIntegerField(null=True)),
                ("name", models.CharField(max_length=200)),
                ("counts", models.JSONField(default=dict)),
                ("done_count", models.PositiveIntegerField(default=0)),
                ("total_count", models.PositiveIntegerField(default=0)),
                ("error", models.JSONField(null=True)),
                ("requested_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("finished_at", models.DateTimeField(null=True)),
                (
                    "requested_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["project_id", "state"], name="removal_by_project"),
                    models.Index(fields=["requested_by", "-id"], name="removal_by_person"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("batch_id__isnull", True)),
                        fields=("project_id",),
                        name="removal_of_project_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("batch_id__isnull", False)),
                        fields=("batch_id",),
                        name="removal_of_batch_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "failed"), _negated=True),
                            ("error__isnull", False),
                            _connector="OR",
                        ),
                        name="a_failed_removal_says_why",
                    ),
                ],
            },
        ),
    ]
