import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("annotations", "0002_indexes_that_are_used"),
        ("projects", "0010_second_and_blind_reviews"),
        ("reviews", "0005_verdicts_undone"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ReviewerAnswer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("answers", models.JSONField()),
                ("at", models.DateTimeField()),
                (
                    "annotation",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="annotations.annotation",
                    ),
                ),
                (
                    "review",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="reviews.review",
                    ),
                ),
                (
                    "reviewer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("annotation__isnull", True)),
                        fields=("review", "reviewer"),
                        name="answered_first_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SecondReview",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("drawn_up_to", models.BigIntegerField()),
                ("held_until", models.DateTimeField(null=True)),
                (
                    "value",
                    models.CharField(
                        blank=True,
                        choices=[("accept", "Accept"), ("reject", "Reject")],
                        default="",
                        max_length=8,
                    ),
                ),
                ("reason", models.TextField(blank=True, default="")),
                (
                    "code",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("careless", "Careless"),
                            ("wrong_choice", "Wrong Choice"),
                            ("missed", "Missed"),
                            ("false_marks", "False Marks"),
                            ("prompt", "Prompt"),
                            ("contradiction", "Contradiction"),
                            ("guideline", "Guideline"),
                            ("other", "Other"),
                        ],
                        default="",
                        max_length=16,
                    ),
                ),
                ("at", models.DateTimeField(null=True)),
                (
                    "first_value",
                    models.CharField(
                        blank=True,
                        choices=[("accept", "Accept"), ("reject", "Reject")],
                        default="",
                        max_length=8,
                    ),
                ),
                ("settled_at", models.DateTimeField(null=True)),
                (
                    "annotation",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="annotations.annotation",
                    ),
                ),
                (
                    "first_reviewer",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "held_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
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
                    "review",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="reviews.review",
                    ),
                ),
                (
                    "reviewer",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "settled_by",
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
                    models.Index(
                        condition=models.Q(("at__isnull", True)),
                        fields=["project", "id"],
                        name="second_review_queue",
                    ),
                    models.Index(fields=["project", "drawn_up_to"], name="second_review_drawn"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("at__isnull", True), ("first_value", ""), ("value", "")),
                            models.Q(
                                ("at__isnull", False),
                                ("first_reviewer__isnull", False),
                                ("reviewer__isnull", False),
                                models.Q(("value", ""), _negated=True),
                                models.Q(("first_value", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="second_review_is_whole",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("at__isnull", True),
                            models.Q(("reviewer", models.F("first_reviewer")), _negated=True),
                            _connector="OR",
                        ),
                        name="second_review_by_another",
                    ),
                ],
            },
        ),
    ]
