from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("items", "0014_roles_of_images")]

    operations = [
        migrations.AddField(
            model_name="item",
            name="overlap",
            field=models.PositiveSmallIntegerField(null=True),
        ),
        migrations.AddConstraint(
            model_name="item",
            constraint=models.CheckConstraint(
                condition=models.Q(overlap__isnull=True) | models.Q(overlap__gte=1),
                name="item_overlap",
            ),
        ),
    ]
