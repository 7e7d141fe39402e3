from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("projects", "0003_version_of_questions"),
    ]

    operations = [
        migrations.AddField(
            model_name="membership",
            name="by_group",
            field=models.BooleanField(db_default=False, default=False),
        ),
    ]
