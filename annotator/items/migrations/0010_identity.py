from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("items", "0009_normal_prompt")]

    operations = [
        migrations.AddField(
            model_name="item",
            name="identity",
            field=models.CharField(blank=True, db_default="", default="", max_length=64),
        ),
        migrations.AddConstraint(
            model_name="item",
            constraint=models.UniqueConstraint(
                condition=models.Q(("identity", ""), _negated=True),
                fields=("project", "identity"),
                name="item_once_a_project",
            ),
        ),
    ]
