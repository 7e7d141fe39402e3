from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("projects", "0004_roles_by_group")]

    operations = [
        migrations.AddField(
            model_name="invitation",
            name="note",
            field=models.CharField(blank=True, db_default="", default="", max_length=200),
        ),
    ]
