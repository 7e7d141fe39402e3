import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("projects", "0025_edit_graded"),
    ]

    operations = [
        migrations.AddField(
            model_name="project",
            name="ask_again_from",
            field=models.FloatField(
                db_default=0.0,
                default=0.0,
                validators=[
                    django.core.validators.MinValueValidator(0.0),
                    django.core.validators.MaxValueValidator(1.0),
                ],
            ),
        ),
    ]
