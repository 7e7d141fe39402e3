from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("projects", "0004_roles_by_group")]

    operations = [
        migrations.AddField(
            model_name="batch",
            name="images_named",
            field=models.PositiveIntegerField(null=True),
        ),
    ]
