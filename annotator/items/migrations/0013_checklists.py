from django.db import migrations, models
from django.db.models import Value


class Migration(migrations.Migration):
    dependencies = [("items", "0012_versions_of_questions")]

    operations = [
        migrations.AddField(
            model_name="item",
            name="checklist",
            field=models.JSONField(db_default=Value([], models.JSONField()), default=list),
        ),
    ]
