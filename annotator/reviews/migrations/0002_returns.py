import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    # Apart from what changes `review`: a transaction that holds one table to itself and waits for
    # another stands in the way of those who hold them the other way round.
    dependencies = [
        ("annotations", "0002_indexes_that_are_used"),
        ("items", "0001_initial"),
        ("projects", "0005_verdicts_on_batches"),
        ("reviews", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="BatchReturn",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("to_authors", models.BooleanField()),
                ("reason", models.TextField()),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="ReturnedAnswer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="batchreturn",
            name="annotator",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="batchreturn",
            name="batch",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="projects.batch"
            ),
        ),
        migrations.AddField(
            model_name="batchreturn",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="returnedanswer",
            name="annotation",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="annotations.annotation",
            ),
        ),
        migrations.AddField(
            model_name="returnedanswer",
            name="batch_return",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="answers",
                to="reviews.batchreturn",
            ),
        ),
        migrations.AddConstraint(
            model_name="batchreturn",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason__gt", "")), name="a_return_has_a_reason"
            ),
        ),
    ]
