from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("projects", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="batch",
            name="place",
            field=models.CharField(blank=True, db_default="", default="", max_length=32),
        ),
    ]
