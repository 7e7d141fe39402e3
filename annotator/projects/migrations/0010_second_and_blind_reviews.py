import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("projects", "0009_counts_of_finished_batches")]

    operations = [
        migrations.AddField(
            model_name="project",
            name="second_share",
            field=models.FloatField(
                db_default=0.05,
                default=0.05,
                validators=[
                    django.core.validators.MinValueValidator(0.0),
                    django.core.validators.MaxValueValidator(1.0),
                ],
            ),
        ),
        migrations.AddField(
            model_name="project",
            name="answers_first",
            field=models.BooleanField(db_default=False, default=False),
        ),
    ]
