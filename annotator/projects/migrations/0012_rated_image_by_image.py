from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("projects", "0011_uploads_announced_once")]

    operations = [
        migrations.AddField(
            model_name="project",
            name="image_by_image",
            field=models.BooleanField(db_default=False, default=False),
        ),
    ]
