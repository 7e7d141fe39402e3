from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("items", "0011_words_by_character")]

    operations = [
        migrations.AddField(
            model_name="item",
            name="asked",
            field=models.PositiveSmallIntegerField(null=True),
        ),
    ]
