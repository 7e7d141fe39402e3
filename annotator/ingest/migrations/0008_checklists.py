from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("ingest", "0007_datasets")]

    operations = [
        migrations.AddField(
            model_name="planneditem",
            name="checklist",
            field=models.TextField(db_default="", default=""),
        ),
    ]
