import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("items", "0007_item_meta"), ("projects", "0010_second_and_blind_reviews")]

    operations = [
        migrations.CreateModel(
            name="MetaKey",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "of",
                    models.CharField(choices=[("image", "Image"), ("item", "Item")], max_length=5),
                ),
                ("key", models.CharField(max_length=60)),
                (
                    "batch",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="meta_keys",
                        to="projects.batch",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("batch", "of", "key"), name="meta_key_once_a_batch"
                    )
                ],
            },
        ),
    ]
