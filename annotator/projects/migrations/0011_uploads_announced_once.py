from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("projects", "0010_second_and_blind_reviews")]

    operations = [
        migrations.AddField(
            model_name="batch",
            name="idempotency_key",
            field=models.CharField(blank=True, db_default="", default="", max_length=100),
        ),
        migrations.AddConstraint(
            model_name="batch",
            constraint=models.UniqueConstraint(
                condition=models.Q(("idempotency_key", ""), _negated=True),
                fields=("project", "created_by", "idempotency_key"),
                name="batch_announced_once",
            ),
        ),
    ]
