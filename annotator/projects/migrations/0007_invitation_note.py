from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("projects", "0006_images_named")]

    operations = [
        migrations.AddField(
            model_name="invitation",
            name="note",
            field=models.CharField(blank=True, db_default="", default="", max_length=200),
        ),
    ]
