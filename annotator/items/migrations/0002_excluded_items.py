import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("items", "0001_initial"),
        ("projects", "0004_roles_by_group"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="item",
            name="item_by_project",
        ),
        migrations.AddField(
            model_name="item",
            name="excluded_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="item",
            name="excluded_by",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="item",
            name="excluded_reason",
            field=models.TextField(blank=True, db_default="", default=""),
        ),
        migrations.AddIndex(
            model_name="image",
            index=models.Index(fields=["project", "generator", "batch"], name="image_by_generator"),
        ),
        migrations.AddIndex(
            model_name="item",
            index=models.Index(fields=["project", "batch", "key"], name="item_by_project_and_key"),
        ),
        migrations.AddIndex(
            model_name="item",
            index=models.Index(
                condition=models.Q(("excluded_at__isnull", False)),
                fields=["project"],
                name="item_excluded",
            ),
        ),
        migrations.AddConstraint(
            model_name="item",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("excluded_at__isnull", True), ("excluded_reason", "")),
                    models.Q(("excluded_at__isnull", False), ("excluded_reason__gt", "")),
                    _connector="OR",
                ),
                name="an_exclusion_has_a_reason",
            ),
        ),
    ]
