from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("projects", "0016_imported_votes")]

    operations = [
        migrations.AddField(
            model_name="project",
            name="follows_items",
            field=models.BooleanField(db_default=False, default=False, editable=False),
        ),
    ]
