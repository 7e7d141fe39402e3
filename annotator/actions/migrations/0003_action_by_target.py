from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("actions", "0002_append_only"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="action",
            index=models.Index(fields=["target", "-id"], name="action_by_target"),
        ),
    ]
