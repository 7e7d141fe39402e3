from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("projects", "0019_half_points_and_na"),
    ]

    operations = [
        migrations.AlterField(
            model_name="project",
            name="template",
            field=models.CharField(
                choices=[
                    ("mps", "Mps"),
                    ("richhf", "Richhf"),
                    ("imagereward", "Imagereward"),
                    ("entitydraw", "Entitydraw"),
                    ("hpsv3", "Hpsv3"),
                    ("graded", "Graded"),
                    ("evalmuse", "Evalmuse"),
                    ("triage", "Triage"),
                    ("edit", "Edit"),
                    ("custom", "Custom"),
                ],
                max_length=16,
            ),
        ),
    ]
