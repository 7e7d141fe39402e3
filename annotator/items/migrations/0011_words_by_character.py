from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("items", "0010_identity")]

    operations = [
        migrations.AddField(
            model_name="item",
            name="by_character",
            field=models.BooleanField(db_default=False, default=False),
        ),
    ]
