from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("reports", "0001_initial")]

    operations = [
        migrations.AlterField(
            model_name="storedreport",
            name="asked",
            field=models.CharField(blank=True, max_length=1000),
        ),
    ]
