from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("ingest", "0005_meta_of_planned_items")]

    operations = [
        migrations.AddField(
            model_name="planneditem",
            name="normal_prompt",
            field=models.TextField(db_default="", default=""),
        ),
        migrations.AddField(
            model_name="planneditem",
            name="identity",
            field=models.CharField(db_default="", default="", max_length=64),
        ),
    ]
