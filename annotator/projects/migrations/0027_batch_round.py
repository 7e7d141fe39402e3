from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("projects", "0026_asked_again"),
    ]

    operations = [
        migrations.AddField(
            model_name="batch",
            name="round",
            field=models.PositiveSmallIntegerField(null=True),
        ),
    ]
