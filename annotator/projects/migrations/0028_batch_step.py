from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("projects", "0027_batch_round"),
    ]

    operations = [
        migrations.AddField(
            model_name="batch",
            name="step",
            field=models.PositiveBigIntegerField(null=True),
        ),
    ]
