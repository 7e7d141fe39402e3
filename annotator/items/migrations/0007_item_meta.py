from django.db import migrations, models
from django.db.models import Value
from django.db.models.functions import Cast, Left, Length
from django.db.models.lookups import Exact, LessThanOrEqual

WRITTEN = Cast("meta", models.TextField())


class Migration(migrations.Migration):
    dependencies = [("items", "0006_image_meta")]

    operations = [
        migrations.AddField(
            model_name="item",
            name="meta",
            field=models.JSONField(db_default=Value({}, models.JSONField()), default=dict),
        ),
        migrations.AddField(
            model_name="item",
            name="selection_probability",
            field=models.FloatField(null=True),
        ),
        migrations.AddConstraint(
            model_name="item",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    Exact(Left(WRITTEN, 1), Value("{")),
                    LessThanOrEqual(Length(WRITTEN), Value(16000)),
                ),
                name="item_meta_is_an_object",
            ),
        ),
        migrations.AddConstraint(
            model_name="item",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("selection_probability__isnull", True),
                    models.Q(("selection_probability__gt", 0), ("selection_probability__lte", 1)),
                    _connector="OR",
                ),
                name="a_probability_is_above_0",
            ),
        ),
    ]
