from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("projects", "0008_lifecycle_and_removals")]

    operations = [
        migrations.AddField(
            model_name="batch",
            name="image_count",
            field=models.PositiveIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="batch",
            name="item_count",
            field=models.PositiveIntegerField(null=True),
        ),
    ]
