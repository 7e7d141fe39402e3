from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("projects", "0012_rated_image_by_image")]

    operations = [
        migrations.AddField(
            model_name="project",
            name="asked",
            field=models.PositiveSmallIntegerField(db_default=1, default=1, editable=False),
        ),
        migrations.AddField(
            model_name="question",
            name="title_zh",
            field=models.CharField(blank=True, db_default="", default="", max_length=200),
        ),
        migrations.AddField(
            model_name="question",
            name="help_zh",
            field=models.TextField(blank=True, db_default="", default=""),
        ),
        migrations.AddField(
            model_name="question",
            name="since",
            field=models.PositiveSmallIntegerField(db_default=1, default=1),
        ),
        migrations.AddField(
            model_name="question",
            name="until",
            field=models.PositiveSmallIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="option",
            name="title_zh",
            field=models.CharField(blank=True, db_default="", default="", max_length=200),
        ),
        migrations.AddConstraint(
            model_name="question",
            constraint=models.CheckConstraint(
                condition=models.Q(until__isnull=True) | models.Q(until__gt=models.F("since")),
                name="question_ends_after_it_begins",
            ),
        ),
    ]
