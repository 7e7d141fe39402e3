"""Values that metrics give images and sets of images, and the features they are made of.

No annotator or reviewer ever sees one.
"""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from annotator.items.models import Image
from annotator.jobs.models import IS_LIVE, JOB_MOVES, Job, JobState
from annotator.projects.models import Project


class ProjectMetric(models.Model):
    """Whether a project measures a metric of each upload. Without any rows nobody has chosen."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+")
    metric = models.CharField(max_length=50)
    chosen = models.BooleanField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project", "metric"], name="project_metric_once"),
        ]


class Queue(models.TextChoices):
    """Which workers measure it: arithmetic on pixels, or networks, for which a GPU is worth it."""

    CPU = "cpu"
    GPU = "gpu"


class Measurement(Job):
    """One metric's value for one image, with what gave it; or that it is requested, or has failed.

    A value is one of its image, metric, version and weights: other weights give another value, and
    the old one stays. The newest of a metric is the `current` one. Where `metric` names a network
    (see scoring's catalog), the image's feature is requested: it is kept as a Feature, and this row
    goes.
    """

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+")
    image = models.ForeignKey(Image, on_delete=models.CASCADE, related_name="measurements")
    queue = models.CharField(max_length=8, choices=Queue, default=Queue.CPU)
    metric = models.CharField(max_length=100)
    version = models.CharField(max_length=50, blank=True)
    # SHA-256 of the weights; "" for a metric without, and where a worker died before it knew.
    weights = models.CharField(max_length=64, blank=True)
    device = models.CharField(max_length=32, blank=True)
    dtype = models.CharField(max_length=16, blank=True)
    current = models.BooleanField(default=True)
    value = models.FloatField(null=True)
    # What is no number: a perceptual hash, in hexadecimal.
    text = models.CharField(max_length=64, blank=True)
    # Why there is no value; beside one, what to know of it.
    reasons = models.JSONField(default=list)
    at = models.DateTimeField(null=True, default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["image", "metric"], condition=IS_LIVE, name="measurement_requested_once"
            ),
            models.UniqueConstraint(
                fields=["image", "metric", "version", "weights"],
                condition=Q(state="done"),
                name="measurement_once",
            ),
            models.UniqueConstraint(
                fields=["image", "metric"], condition=Q(current=True), name="measurement_current"
            ),
            models.CheckConstraint(
                condition=~Q(state="failed") | ~Q(reasons=[]), name="a_failed_measurement_says_why"
            ),
        ]
        indexes = [
            models.Index(fields=["project", "metric"], name="measurement_by_metric"),
            models.Index(fields=["image"], condition=Q(state="failed"), name="measurement_failed"),
            models.Index(
                fields=["queue", "project", "id"],
                condition=Q(state="requested"),
                name="measurement_queue",
            ),
            models.Index(
                fields=["held_until"], condition=Q(state="running"), name="measurement_held"
            ),
        ]


class Fingerprint(models.Model):
    """An image's perceptual hash, cut in three, so that near ones are found by index.

    Two hashes of 64 bits that differ in at most 8 have a third in which they differ in at most 2:
    each of its 232 or 254 neighbours is looked up.
    """

    image = models.OneToOneField(Image, on_delete=models.CASCADE, related_name="+")
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+")
    version = models.CharField(max_length=50)
    high = models.IntegerField(help_text="bits 63 to 43")
    middle = models.IntegerField(help_text="bits 42 to 22")
    low = models.IntegerField(help_text="bits 21 to 0")

    class Meta:
        indexes = [
            models.Index(fields=["project", "high"], name="fingerprint_high"),
            models.Index(fields=["project", "middle"], name="fingerprint_middle"),
            models.Index(fields=["project", "low"], name="fingerprint_low"),
        ]


class Likeness(models.Model):
    """Two images of a project that nearly look the same, once in each direction."""

    image = models.ForeignKey(Image, on_delete=models.CASCADE, related_name="+")
    other = models.ForeignKey(Image, on_delete=models.CASCADE, related_name="+")
    distance = models.PositiveSmallIntegerField(help_text="differing bits of 64")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["image", "other"], name="likeness_once"),
        ]


class Feature(models.Model):
    """What a network sees in an image: float32, little-endian, in a row.

    Kept, at 8 kB an image, so that sets can be cut anew (by generator, batch or reference) without
    another forward pass, and so that a killed worker costs a set no more than a slice of images.
    """

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+")
    image = models.ForeignKey(Image, on_delete=models.CASCADE, related_name="+")
    network = models.CharField(max_length=100)
    weights = models.CharField(max_length=64)
    device = models.CharField(max_length=32)
    dtype = models.CharField(max_length=16)
    vector = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["image", "network", "weights"], name="feature_once"),
        ]


class LearntMetric(models.Model):
    """A reward head of a project as a metric of its images: linear in a network's features.

    A value is `feature @ direction - offset`; `mean_direction` and `mean_offset` are of the mean of
    the heads that were cross-fitted. Vectors are float64, little-endian. `sha256` is of the reward
    model's zip, the weights that values are kept with; `network_weights` are of the network.
    """

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+")
    metric = models.CharField(max_length=100)
    version = models.CharField(max_length=50)
    sha256 = models.CharField(max_length=64)
    network = models.CharField(max_length=100)
    network_weights = models.CharField(max_length=64)
    direction = models.BinaryField()
    offset = models.FloatField()
    mean_direction = models.BinaryField()
    mean_offset = models.FloatField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project", "metric"], name="learnt_metric_once"),
        ]


class ReferenceSource(models.TextChoices):
    """What there is of a reference set."""

    IMAGES = "images"
    STATISTICS = "statistics"


class Reference(models.Model):
    """What sets are compared with: the project's reference images, or an uploaded file.

    The file holds mean and covariance (pytorch-fid's .npz), named by its `sha256` in the storage;
    for images it is written when a set is measured against them.
    """

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=200)
    source = models.CharField(max_length=16, choices=ReferenceSource)
    network = models.CharField(max_length=100, blank=True)
    n = models.PositiveBigIntegerField(null=True)
    # No generator has seen any of it: FID against it is published as zero-shot FID.
    zero_shot = models.BooleanField(default=False)
    sha256 = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["project"], condition=Q(source="images"), name="reference_images_once"
            ),
            models.UniqueConstraint(fields=["project", "name"], name="reference_name_once"),
        ]


class SetMeasurement(Job):
    """One metric's value for all images of a generator, against a reference or by themselves.

    `at` is null until it is measured first. As with images: other weights or another version give
    another value, and the old one stays, no longer `current`. `statistics` names the file of the
    set's own mean and covariance.
    """

    TASK = "annotator.workers.measure.measure_set"
    # Done or failed, it can be asked for again; running, it is begun anew.
    MOVES = {**JOB_MOVES, JobState.REQUESTED: ("failed", "running", "done")}

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+")
    generator = models.CharField(max_length=200, blank=True)
    reference = models.ForeignKey(Reference, null=True, on_delete=models.CASCADE, related_name="+")
    network = models.CharField(max_length=100)
    metric = models.CharField(max_length=50)
    version = models.CharField(max_length=50)
    weights = models.CharField(max_length=64, blank=True)
    device = models.CharField(max_length=32, blank=True)
    dtype = models.CharField(max_length=16, blank=True)
    current = models.BooleanField(default=True)
    value = models.FloatField(null=True)
    spread = models.FloatField(null=True)
    n = models.PositiveBigIntegerField(default=0)
    n_reference = models.PositiveBigIntegerField(null=True)
    statistics = models.CharField(max_length=64, blank=True)
    # Why there is no value; beside one, why not to lean on it.
    reasons = models.JSONField(default=list)
    at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["project", "generator", "metric", "reference"],
                condition=Q(current=True),
                name="set_measurement_current",
            ),
            models.UniqueConstraint(
                fields=["project", "generator", "metric"],
                condition=Q(current=True, reference=None),
                name="set_measurement_current_alone",
            ),
            models.CheckConstraint(
                condition=Q(at=None) | Q(value__isnull=False) | ~Q(reasons=[]) | IS_LIVE,
                name="a_set_without_a_value_says_why",
            ),
            models.CheckConstraint(
                condition=~Q(state="failed") | ~Q(reasons=[]), name="a_failed_set_says_why"
            ),
        ]
        indexes = [
            models.Index(
                fields=["state", "held_until"],
                condition=IS_LIVE,
                name="set_measurement_queue",
            ),
        ]
