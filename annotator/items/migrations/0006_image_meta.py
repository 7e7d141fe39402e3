from django.contrib.postgres.indexes import GinIndex
from django.db import migrations, models
from django.db.models import Value
from django.db.models.functions import Cast, Left, Length
from django.db.models.lookups import Exact, LessThanOrEqual

WRITTEN = Cast("meta", models.TextField())


class Migration(migrations.Migration):
    dependencies = [("items", "0005_kept_containers")]

    operations = [
        migrations.AddField(
            model_name="image",
            name="meta",
            field=models.JSONField(db_default=Value({}, models.JSONField()), default=dict),
        ),
        migrations.AddConstraint(
            model_name="image",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    Exact(Left(WRITTEN, 1), Value("{")),
                    LessThanOrEqual(Length(WRITTEN), Value(16000)),
                ),
                name="image_meta_is_an_object",
            ),
        ),
        migrations.AddIndex(
            model_name="image",
            index=GinIndex(fields=["meta"], name="image_by_meta", opclasses=["jsonb_path_ops"]),
        ),
    ]
