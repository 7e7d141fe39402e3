from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("ingest", "0008_checklists")]

    operations = [
        migrations.AddField(
            model_name="planneditem",
            name="beside",
            field=models.TextField(db_default="", default=""),
        ),
    ]
