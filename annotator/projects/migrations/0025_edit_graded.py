from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("projects", "0024_richhf_plus"),
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
                    ("edit-graded", "Edit Graded"),
                    ("richhf-plus", "Richhf Plus"),
                    ("custom", "Custom"),
                ],
                max_length=16,
            ),
        ),
    ]
