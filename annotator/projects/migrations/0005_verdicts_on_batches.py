import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("projects", "0004_roles_by_group"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="batch",
            name="verdict",
            field=models.CharField(
                choices=[("open", "Open"), ("signed_off", "Signed Off"), ("returned", "Returned")],
                db_default="open",
                default="open",
                max_length=16,
            ),
        ),
        migrations.AddField(
            model_name="batch",
            name="verdict_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="batch",
            name="verdict_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="project",
            name="accept_allowed",
            field=models.PositiveIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="project",
            name="accept_reviewed",
            field=models.PositiveIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="project",
            name="most_rejections",
            field=models.PositiveSmallIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name="project",
            name="review_floor",
            field=models.PositiveSmallIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name="project",
            name="show_verdicts",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name="project",
            name="signs_off",
            field=models.BooleanField(db_default=False, default=False, editable=False),
        ),
        migrations.AddConstraint(
            model_name="batch",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("verdict", "open"), ("verdict_at", None), ("verdict_by", None)),
                    models.Q(
                        ("verdict__in", ["signed_off", "returned"]),
                        ("verdict_at__isnull", False),
                        ("verdict_by__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="batch_verdict_by_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="batch",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("verdict", "signed_off"), _negated=True),
                    ("state", "done"),
                    _connector="OR",
                ),
                name="signed_off_is_done",
            ),
        ),
        migrations.AddConstraint(
            model_name="project",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("accept_reviewed__isnull", True),
                    ("accept_allowed__isnull", True),
                    ("accept_reviewed__gte", models.F("accept_allowed")),
                    _connector="OR",
                ),
                name="project_accept_rule",
            ),
        ),
    ]
