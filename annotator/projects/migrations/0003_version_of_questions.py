from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("projects", "0002_batch_place"),
    ]

    operations = [
        migrations.AddField(
            model_name="project",
            name="version",
            field=models.PositiveIntegerField(db_default=1, default=1, editable=False),
        ),
    ]
