from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("projects", "0023_trees_of_options"),
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
                    ("richhf-plus", "Richhf Plus"),
                    ("custom", "Custom"),
                ],
                max_length=16,
            ),
        ),
    ]
