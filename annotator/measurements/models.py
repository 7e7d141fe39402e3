"""Numbers that machines give to images. Human judgement never reads them."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from annotator.items.models import Image
from annotator.jobs.models import JOB_MOVES, Job, JobState
from annotator.projects.models import Batch, Project

LIVE = (JobState.REQUESTED, JobState.RUNNING)


class Choice(models.Model):
    """Which metrics a project wants of its images; without a row: those that need nothing more."""

    project = models.OneToOneField(Project, on_delete=models.CASCADE, related_name="+")
    # Comma-separated names of the catalog; "" means none.
    metrics = models.TextField(blank=True)


class MeasuringJob(Job):
    """What measuring adds to a job."""

    error = models.TextField(blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        abstract = True


class Request(MeasuringJob):
    """That a batch is to be measured. A worker goes through its images and makes chunks of them.

    `after` is the last image gone through, `looked` how many judged ones those are, of `total`.
    """

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+")
    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="+")
    # Comma-separated names of the catalog; "" means those that the project has chosen.
    metrics = models.TextField(blank=True)
    after = models.UUIDField(null=True)
    looked = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = [
            models.Index(
                fields=["state", "held_until"],
                condition=Q(state__in=["requested", "running"]),
                name="request_queue",
            ),
        ]
        constraints = [
            # Who asks twice is not served twice.
            models.UniqueConstraint(
                fields=["batch", "metrics"],
                condition=Q(state__in=["requested", "running"]),
                name="request_once",
            ),
        ]


class Kind(models.TextChoices):
    """What a chunk runs: arithmetic on pixels, or networks, for which a GPU is worth having."""

    LIGHT = "light"
    HEAVY = "heavy"


class Chunk(MeasuringJob):
    """A measuring job: some metrics, all of one kind, for a bounded number of images of one batch.

    An image that kills its worker is found by halving: after a crashed attempt the chunk is split,
    so that a poison image ends up alone and fails alone, after three attempts.
    """

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+")
    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=8, choices=Kind, default=Kind.LIGHT)
    # Comma-separated: names of the catalog, and of networks whose features are to be kept.
    metrics = models.TextField(blank=True)
    networks = models.TextField(blank=True)
    images = models.ManyToManyField(Image, related_name="+")

    class Meta:
        indexes = [
            models.Index(
                fields=["state", "held_until"],
                condition=Q(state__in=["requested", "running"]),
                name="chunk_queue",
            ),
        ]


class MeasurementState(models.TextChoices):
    """What became of it."""

    DONE = "done"
    FAILED = "failed"


class Measurement(models.Model):
    """One metric's value for one image, with what gave it; or why there is none.

    A value is one of its image, metric, version and weights: other weights give another value, and
    the old one stays. The newest of a metric is the `current` one.
    """

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+")
    image = models.ForeignKey(Image, on_delete=models.CASCADE, related_name="measurements")
    metric = models.CharField(max_length=50)
    version = models.CharField(max_length=50)
    # SHA-256 of the weights; "" for a metric without, and where a worker died before it knew.
    weights = models.CharField(max_length=64, blank=True)
    device = models.CharField(max_length=32, blank=True)
    dtype = models.CharField(max_length=16, blank=True)
    current = models.BooleanField(default=True)
    state = models.CharField(max_length=8, choices=MeasurementState)
    value = models.FloatField(null=True)
    # What is no number: a perceptual hash, in hexadecimal.
    text = models.CharField(max_length=64, blank=True)
    error = models.TextField(blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["image", "metric", "version", "weights"], name="measurement_once"
            ),
            models.UniqueConstraint(
                fields=["image", "metric"], condition=Q(current=True), name="measurement_current"
            ),
            models.CheckConstraint(
                condition=Q(state="failed", error__gt="") | Q(state="done"),
                name="a_failed_measurement_says_why",
            ),
        ]
        indexes = [
            models.Index(fields=["project", "metric"], name="measurement_by_metric"),
            models.Index(fields=["image"], condition=Q(state="failed"), name="measurement_failed"),
        ]


class Broken(models.Model):
    """That an image's image could not be measured at all, and why."""

    image = models.OneToOneField(Image, on_delete=models.CASCADE, related_name="broken")
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+")
    reason = models.TextField()


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
    another forward pass, and so that a killed worker costs a set no more than a chunk of images.
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


class ReferenceKind(models.TextChoices):
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
    kind = models.CharField(max_length=16, choices=ReferenceKind)
    network = models.CharField(max_length=100, blank=True)
    n = models.PositiveBigIntegerField(null=True)
    # No generator has seen any of it: FID against it is published as zero-shot FID.
    zero_shot = models.BooleanField(default=False)
    sha256 = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["project"], condition=Q(kind="images"), name="reference_images_once"
            ),
            models.UniqueConstraint(fields=["project", "name"], name="reference_name_once"),
        ]


class SetJob(MeasuringJob):
    """To measure all images of a generator in one network, against a reference or by themselves.

    `statistics` names the file of the set's own mean and covariance, once it is done.
    """

    # Done or failed, it can be asked for again: the same row, so that a set has one.
    MOVES = {**JOB_MOVES, JobState.REQUESTED: ("failed", "running", "done")}

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+")
    generator = models.CharField(max_length=200, blank=True)
    reference = models.ForeignKey(Reference, null=True, on_delete=models.CASCADE, related_name="+")
    network = models.CharField(max_length=100)
    # Comma-separated names of the catalog.
    metrics = models.TextField()
    statistics = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["project", "generator", "network", "reference"], name="set_once"
            ),
            models.UniqueConstraint(
                fields=["project", "generator", "network"],
                condition=Q(reference=None),
                name="set_once_alone",
            ),
        ]
        indexes = [
            models.Index(
                fields=["state", "held_until"],
                condition=Q(state__in=["requested", "running"]),
                name="set_queue",
            ),
        ]


class SetMeasurement(models.Model):
    """One metric's value for a set, with what gave it; `at` is null until it is measured first.

    As with images: other weights or another version give another value, and the old one stays.
    """

    job = models.ForeignKey(SetJob, on_delete=models.CASCADE, related_name="measurements")
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
    # Why there is no value; and where there is one, why not to lean on it.
    error = models.TextField(blank=True)
    warning = models.TextField(blank=True)
    at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["job", "metric", "version", "weights"], name="set_measurement_once"
            ),
            models.UniqueConstraint(
                fields=["job", "metric"], condition=Q(current=True), name="set_measurement_current"
            ),
            models.CheckConstraint(
                condition=Q(at=None) | Q(value__isnull=False) | Q(error__gt=""),
                name="a_set_without_a_value_says_why",
            ),
        ]
