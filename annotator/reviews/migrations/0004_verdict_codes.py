from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("reviews", "0003_probabilities")]

    operations = [
        migrations.AddField(
            model_name="verdict",
            name="code",
            field=models.CharField(
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
                db_default="",
                default="",
                max_length=16,
            ),
        ),
    ]
