from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("items", "0008_meta_keys")]

    operations = [
        migrations.AddField(
            model_name="image",
            name="normal_prompt",
            field=models.TextField(blank=True, db_default="", default=""),
        ),
    ]
