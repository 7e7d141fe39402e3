from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("items", "0004_copies")]

    operations = [
        migrations.AddField(
            model_name="image",
            name="suffix",
            field=models.CharField(
                choices=[("png", "PNG"), ("jpg", "JPEG"), ("webp", "WebP")],
                db_default="png",
                default="png",
                max_length=4,
            ),
        ),
    ]
