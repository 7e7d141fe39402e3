from typing import Any

from django.db import migrations, models


def tell_probabilities(apps: Any, schema_editor: Any) -> None:
    """Of the samples drawn so far: the share of their batch's items that they are."""
    schema_editor.execute(
        """
        UPDATE reviews_review SET probability = (
            SELECT count(*) FROM reviews_review r WHERE r.batch_id = reviews_review.batch_id
        ) * 1.0 / NULLIF(
            (SELECT count(*) FROM items_item i WHERE i.batch_id = reviews_review.batch_id), 0)
        """
    )


class Migration(migrations.Migration):
    dependencies = [("items", "0001_initial"), ("reviews", "0002_returns")]

    operations = [
        migrations.AddField(
            model_name="review",
            name="for_floor",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name="review",
            name="probability",
            field=models.FloatField(null=True),
        ),
        migrations.AddConstraint(
            model_name="review",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("probability__isnull", True),
                    models.Q(("probability__gt", 0), ("probability__lte", 1)),
                    _connector="OR",
                ),
                name="review_probability",
            ),
        ),
        migrations.RunPython(tell_probabilities, migrations.RunPython.noop),
    ]
