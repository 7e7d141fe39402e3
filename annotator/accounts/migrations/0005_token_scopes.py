from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0004_second_factors")]

    operations = [
        migrations.AddField(
            model_name="apitoken",
            name="scope",
            field=models.CharField(
                choices=[("read", "Read"), ("write", "Write")],
                db_default="write",
                default="write",
                max_length=8,
            ),
        ),
        migrations.AddField(
            model_name="apitoken",
            name="project_id",
            field=models.BigIntegerField(null=True),
        ),
    ]
