import django.core.validators
from django.db import migrations, models
from django.db.models import Q

CANDIDATE = Q(role="candidate")


class Migration(migrations.Migration):
    dependencies = [("items", "0013_checklists")]

    operations = [
        migrations.AddField(
            model_name="itemimage",
            name="role",
            field=models.CharField(
                choices=[
                    ("candidate", "Candidate"),
                    ("source", "Source"),
                    ("reference", "Reference"),
                    ("mask", "Mask"),
                ],
                db_default="candidate",
                default="candidate",
                max_length=9,
            ),
        ),
        migrations.RemoveConstraint(model_name="itemimage", name="place_below_nine"),
        migrations.AlterField(
            model_name="itemimage",
            name="place",
            field=models.PositiveSmallIntegerField(
                validators=[django.core.validators.MaxValueValidator(17)]
            ),
        ),
        migrations.AddConstraint(
            model_name="itemimage",
            constraint=models.CheckConstraint(
                condition=Q(place__lt=9, role="candidate")
                | (~CANDIDATE & Q(place__gte=9, place__lt=18)),
                name="candidates_have_letters",
            ),
        ),
    ]
