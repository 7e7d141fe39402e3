from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("items", "0002_excluded_items")]

    operations = [
        migrations.AddField(
            model_name="item",
            name="stretch",
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
    ]
