import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("consensus", "0001_initial"),
        ("items", "0001_initial"),
        ("projects", "0004_roles_by_group"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="consensus",
            name="disagreement",
            field=models.FloatField(null=True),
        ),
        migrations.AlterField(
            model_name="consensus",
            name="annotations",
            field=models.PositiveSmallIntegerField(help_text="how many accepted there are"),
        ),
        migrations.CreateModel(
            name="Override",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("answers", models.JSONField()),
                ("reason", models.TextField()),
                ("at", models.DateTimeField()),
                ("withdrawn_at", models.DateTimeField(null=True)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="items.item",
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="projects.project",
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="consensus",
            name="override",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="consensus.override",
            ),
        ),
        migrations.AddIndex(
            model_name="consensus",
            index=models.Index(fields=["project", "disagreement", "item"], name="consensus_widest"),
        ),
        migrations.AddIndex(
            model_name="consensus",
            index=models.Index(
                condition=models.Q(("disagreement__isnull", True)),
                fields=["id"],
                name="consensus_uncounted",
            ),
        ),
        migrations.AddConstraint(
            model_name="consensus",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("disagreement__isnull", True),
                    models.Q(("disagreement__gte", 0), ("disagreement__lte", 1)),
                    _connector="OR",
                ),
                name="disagreement_from_0_to_1",
            ),
        ),
        migrations.AddConstraint(
            model_name="override",
            constraint=models.UniqueConstraint(
                condition=models.Q(("withdrawn_at__isnull", True)),
                fields=("item",),
                name="one_override_an_item",
            ),
        ),
        migrations.AddConstraint(
            model_name="override",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason__gt", "")), name="an_override_has_a_reason"
            ),
        ),
    ]
