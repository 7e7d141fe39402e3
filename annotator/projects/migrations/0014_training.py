import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("projects", "0013_versions_and_second_language")]

    operations = [
        migrations.AddField(
            model_name="project",
            name="training_required",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name="project",
            name="training_pass",
            field=models.FloatField(
                db_default=0.8,
                default=0.8,
                validators=[
                    django.core.validators.MinValueValidator(0.0),
                    django.core.validators.MaxValueValidator(1.0),
                ],
            ),
        ),
        migrations.AddField(
            model_name="membership",
            name="trained_at",
            field=models.DateTimeField(null=True),
        ),
    ]
