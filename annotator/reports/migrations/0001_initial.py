import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("projects", "0004_roles_by_group"),
    ]

    operations = [
        migrations.CreateModel(
            name="StoredReport",
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
                ("name", models.CharField(max_length=32)),
                ("asked", models.CharField(blank=True, max_length=255)),
                ("body", models.JSONField(null=True)),
                ("computed_at", models.DateTimeField(null=True)),
                ("took", models.FloatField(default=0)),
                ("outdated", models.BooleanField(default=False)),
                ("error", models.JSONField(null=True)),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="projects.project",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("project", "name", "asked"), name="report_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("body__isnull", True), ("computed_at__isnull", True)),
                            models.Q(("body__isnull", False), ("computed_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="a_report_says_when",
                    ),
                ],
            },
        ),
    ]
