from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("ingest", "0004_known_answers")]

    operations = [
        migrations.AddField(
            model_name="planneditem",
            name="meta",
            field=models.TextField(db_default="", default=""),
        ),
        migrations.AddField(
            model_name="planneditem",
            name="selection_probability",
            field=models.FloatField(null=True),
        ),
    ]
