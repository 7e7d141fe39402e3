from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("projects", "0005_verdicts_on_batches")]

    operations = [
        migrations.AddField(
            model_name="batch",
            name="images_named",
            field=models.PositiveIntegerField(null=True),
        ),
    ]
