import django.db.models.deletion
import django.db.models.expressions
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("annotations", "0002_indexes_that_are_used"),
        ("items", "0004_copies"),
        ("projects", "0009_counts_of_finished_batches"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="GoldItem",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("made_at", models.DateTimeField()),
                ("retired_at", models.DateTimeField(null=True)),
                (
                    "item",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="items.item",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
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
        migrations.CreateModel(
            name="GoldAnswer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("passed", models.BooleanField(null=True)),
                ("at", models.DateTimeField()),
                ("contest", models.TextField(blank=True, default="")),
                ("contested_at", models.DateTimeField(null=True)),
                (
                    "ruling",
                    models.CharField(
                        blank=True,
                        choices=[("voided", "Voided"), ("upheld", "Upheld")],
                        default="",
                        max_length=8,
                    ),
                ),
                ("ruled_at", models.DateTimeField(null=True)),
                (
                    "annotation",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="annotations.annotation",
                    ),
                ),
                (
                    "annotator",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
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
                (
                    "ruled_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "gold",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="answers",
                        to="gold.golditem",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="GoldRule",
            fields=[
                (
                    "project",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="projects.project",
                    ),
                ),
                ("gold_rate", models.FloatField(default=0.0)),
                ("repeat_rate", models.FloatField(default=0.0)),
                ("distance", models.PositiveIntegerField(default=30)),
                ("good", models.FloatField(default=0.9)),
                ("bad", models.FloatField(default=0.7)),
                ("alpha", models.FloatField(default=0.05)),
                ("beta", models.FloatField(default=0.05)),
                (
                    "consequence",
                    models.CharField(
                        choices=[
                            ("nothing", "Nothing"),
                            ("warn", "Warn"),
                            ("pause", "Pause"),
                            ("return_share", "Return Share"),
                        ],
                        default="nothing",
                        max_length=16,
                    ),
                ),
                (
                    "set_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="GoldStop",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "consequence",
                    models.CharField(
                        choices=[
                            ("nothing", "Nothing"),
                            ("warn", "Warn"),
                            ("pause", "Pause"),
                            ("return_share", "Return Share"),
                        ],
                        max_length=16,
                    ),
                ),
                ("at", models.DateTimeField()),
                (
                    "annotator",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "answer",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="stop",
                        to="gold.goldanswer",
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
        migrations.CreateModel(
            name="GoldTruth",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("letter", models.CharField(blank=True, max_length=1)),
                ("key", models.CharField(max_length=50)),
                ("value", models.FloatField(null=True)),
                (
                    "gold",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="truths",
                        to="gold.golditem",
                    ),
                ),
                (
                    "question",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="projects.question",
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="goldanswer",
            index=models.Index(fields=["project", "annotator", "at"], name="gold_answer_by_person"),
        ),
        migrations.AddIndex(
            model_name="goldanswer",
            index=models.Index(
                condition=models.Q(("passed", False)), fields=["at"], name="gold_missed"
            ),
        ),
        migrations.AddConstraint(
            model_name="goldanswer",
            constraint=models.UniqueConstraint(
                fields=("gold", "annotator"), name="gold_once_a_person"
            ),
        ),
        migrations.AddConstraint(
            model_name="goldrule",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("gold_rate__gte", 0),
                    ("repeat_rate__gte", 0),
                    (
                        "gold_rate__lte",
                        django.db.models.expressions.CombinedExpression(
                            models.Value(1), "-", models.F("repeat_rate")
                        ),
                    ),
                ),
                name="gold_rates_within_1",
            ),
        ),
        migrations.AddConstraint(
            model_name="goldrule",
            constraint=models.CheckConstraint(
                condition=models.Q(("bad__gt", 0), ("good__gt", models.F("bad")), ("good__lt", 1)),
                name="gold_good_above_bad",
            ),
        ),
        migrations.AddConstraint(
            model_name="goldrule",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("alpha__gt", 0),
                    ("beta__gt", 0),
                    (
                        "alpha__lt",
                        django.db.models.expressions.CombinedExpression(
                            models.Value(1), "-", models.F("beta")
                        ),
                    ),
                ),
                name="gold_errors_below_1",
            ),
        ),
        migrations.AddConstraint(
            model_name="goldtruth",
            constraint=models.UniqueConstraint(
                fields=("gold", "question", "letter", "key"), name="truth_once"
            ),
        ),
    ]
