from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("assignments", "0004_items_given_back")]

    operations = [
        migrations.AddField(
            model_name="cursor",
            name="paused_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="cursor",
            name="pause_note",
            field=models.CharField(blank=True, db_default="", default="", max_length=500),
        ),
    ]
