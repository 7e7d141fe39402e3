"""What the demo's image maker did to its images: known to simulated people and tests alone."""

from django.db import models
from django.db.models import Q

from annotator.items.models import Image

QUALITIES = ("plausibility", "detail_quality", "alignment", "aesthetics", "overall")


class PlantedTruth(models.Model):
    """How good a made image truly is, each quality in [0, 1], higher is better."""

    image = models.OneToOneField(Image, on_delete=models.CASCADE, related_name="+")
    plausibility = models.FloatField()
    detail_quality = models.FloatField()
    alignment = models.FloatField()
    aesthetics = models.FloatField()
    overall = models.FloatField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(**{f"{name}__gte": 0, f"{name}__lte": 1}),
                name=f"planted_{name}_in_unit",
            )
            for name in QUALITIES
        ]


class FlawKind(models.TextChoices):
    """As the mark that a good annotator would set."""

    IMPLAUSIBILITY = "implausibility"
    MISALIGNMENT = "misalignment"


class PlantedFlaw(models.Model):
    """A flaw's centre, in fractions of width and height, and radius as a fraction of the height.

    `severity` in [0, 1]: how plain it is. What is missing has no place, only words.
    """

    truth = models.ForeignKey(PlantedTruth, on_delete=models.CASCADE, related_name="flaws")
    kind = models.CharField(max_length=16, choices=FlawKind)
    cause = models.CharField(max_length=16)
    x = models.FloatField()
    y = models.FloatField()
    radius = models.FloatField()
    severity = models.FloatField()


class PlantedWord(models.Model):
    """A word of the prompt that the image shows wrongly: an index into the prompt's tokens."""

    truth = models.ForeignKey(PlantedTruth, on_delete=models.CASCADE, related_name="words")
    token = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["truth", "token"], name="planted_word_once"),
        ]
