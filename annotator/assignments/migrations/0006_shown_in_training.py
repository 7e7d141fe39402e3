from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("assignments", "0005_pause")]

    operations = [
        migrations.AlterField(
            model_name="exclusion",
            name="reason",
            field=models.CharField(
                choices=[
                    ("skip", "Skip"),
                    ("broken", "Broken"),
                    ("offensive", "Offensive"),
                    ("other", "Other"),
                    ("reviewed", "Reviewed"),
                    ("training", "Training"),
                ],
                max_length=16,
            ),
        ),
    ]
