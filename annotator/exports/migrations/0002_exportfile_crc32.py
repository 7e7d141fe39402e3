from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("exports", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="exportfile",
            name="crc32",
            field=models.PositiveBigIntegerField(default=0),
            preserve_default=False,
        ),
    ]
