"""Projects, the questions they ask, and the batches of items that they ask them about."""

import secrets
from collections.abc import Mapping
from typing import ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone

from annotator.accounts.models import Role
from annotator.core.reasons import Reason, from_json
from annotator.jobs.models import JOB_MOVES, Job, JobState


class Template(models.TextChoices):
    """Ready sets of questions."""

    MPS = "mps"
    RICHHF = "richhf"
    IMAGEREWARD = "imagereward"
    ENTITYDRAW = "entitydraw"
    HPSV3 = "hpsv3"
    GRADED = "graded"
    EVALMUSE = "evalmuse"
    TRIAGE = "triage"
    EDIT = "edit"
    EDIT_GRADED = "edit-graded"
    RICHHF_PLUS = "richhf-plus"
    CUSTOM = "custom"


class ProjectState(models.TextChoices):
    """Whether a project gives out work. See MOVES for how it comes from one to another."""

    ACTIVE = "active"
    # Nobody is given work; what is held can still be answered.
    PAUSED = "paused"
    # To be read and exported, and nothing else.
    ARCHIVED = "archived"
    # For nobody there any more; a worker takes away what there is of it.
    DELETING = "deleting"


def _new_seed() -> str:
    return secrets.token_hex(32)


class Project(models.Model):
    """What is judged, by how many, and how it is checked."""

    MOVES: ClassVar[Mapping[str, tuple[str, ...]]] = {
        ProjectState.ACTIVE: (ProjectState.PAUSED,),
        # From the archive too: what comes out of it waits for a lead to resume it.
        ProjectState.PAUSED: (ProjectState.ACTIVE, ProjectState.ARCHIVED),
        ProjectState.ARCHIVED: (ProjectState.ACTIVE, ProjectState.PAUSED),
        ProjectState.DELETING: (ProjectState.PAUSED, ProjectState.ARCHIVED),
    }

    name = models.CharField(max_length=200)
    template = models.CharField(max_length=16, choices=Template)
    overlap = models.PositiveSmallIntegerField(
        default=3, validators=[MinValueValidator(1), MaxValueValidator(9)]
    )
    review_rate = models.FloatField(
        default=0.20, validators=[MinValueValidator(0.0), MaxValueValidator(1.0)]
    )
    guideline = models.TextField(blank=True)
    lease_seconds = models.PositiveIntegerField(
        default=600, validators=[MinValueValidator(30), MaxValueValidator(86_400)]
    )
    # So many answers are to be reviewed of each annotator in a batch; 0: what the rate draws.
    review_floor = models.PositiveSmallIntegerField(default=0, db_default=0)
    # The acceptance rule: so many reviewed, so many of them rejected at most; null: by the plan.
    accept_reviewed = models.PositiveIntegerField(null=True)
    accept_allowed = models.PositiveIntegerField(null=True)
    # A batch has been signed off here once: from then on exports take signed-off batches alone.
    signs_off = models.BooleanField(default=False, db_default=False, editable=False)
    # Whether annotators see which of their answers were rejected, and why.
    show_verdicts = models.BooleanField(default=False, db_default=False)
    # Of several images one is rated by all questions, then the next; else question by question.
    image_by_image = models.BooleanField(default=False, db_default=False)
    # After so many rejections a slot waits for a lead; 0: never.
    most_rejections = models.PositiveSmallIntegerField(default=0, db_default=0)
    # From this disagreement on an extra vote is asked by itself; 0: never.
    ask_again_from = models.FloatField(
        default=0.0,
        db_default=0.0,
        validators=[MinValueValidator(0.0), MaxValueValidator(1.0)],
    )
    # The share of reviewed answers that a second reviewer looks at.
    second_share = models.FloatField(
        default=0.05,
        db_default=0.05,
        validators=[MinValueValidator(0.0), MaxValueValidator(1.0)],
    )
    # Reviewers answer an item themselves before they see its answers.
    answers_first = models.BooleanField(default=False, db_default=False)
    # Annotators are given work once they have passed the training set.
    training_required = models.BooleanField(default=False, db_default=False)
    # Exports count what imported judges said, too.
    imported_votes = models.BooleanField(default=False, db_default=False)
    # The share of the training's items that one has to have right.
    training_pass = models.FloatField(
        default=0.8,
        db_default=0.8,
        validators=[MinValueValidator(0.0), MaxValueValidator(1.0)],
    )
    state = models.CharField(
        max_length=16,
        choices=ProjectState,
        default=ProjectState.ACTIVE,
        db_default=ProjectState.ACTIVE.value,
        editable=False,
    )
    # Which version of its questions it asks now: Question.since and .until say what is in each.
    asked = models.PositiveSmallIntegerField(default=1, db_default=1, editable=False)
    # Moves with the questions: by it a process knows whether those that it keeps are still asked.
    version = models.PositiveIntegerField(default=1, db_default=1, editable=False)
    # A webhook is told of single items, or of the last one.
    follows_items = models.BooleanField(default=False, db_default=False, editable=False)
    # Keys the review draw, the queue's order, sides and pseudonyms. Never leaves the server.
    seed = models.CharField(max_length=64, default=_new_seed, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(overlap__gte=1), name="project_overlap"),
            models.CheckConstraint(
                condition=models.Q(review_rate__gte=0, review_rate__lte=1),
                name="project_review_rate",
            ),
            models.CheckConstraint(
                condition=models.Q(accept_reviewed__isnull=True)
                | models.Q(accept_allowed__isnull=True)
                | models.Q(accept_reviewed__gte=models.F("accept_allowed")),
                name="project_accept_rule",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["active", "paused", "archived", "deleting"]),
                name="project_state",
            ),
        ]


class Membership(models.Model):
    """A person's role in a project."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships"
    )
    role = models.CharField(max_length=16, choices=Role)
    # The provider's groups gave it, and take it back; else it was given by hand.
    by_group = models.BooleanField(default=False, db_default=False)
    joined_at = models.DateTimeField(default=timezone.now)
    # Of an annotator: when they first passed the project's training.
    trained_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "project", "role"], name="membership_once"),
        ]


class Invitation(models.Model):
    """A way in to one project in one role, for one person, for a time. Only its digest is kept."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+")
    role = models.CharField(max_length=16, choices=Role)
    digest = models.CharField(max_length=64, unique=True)
    # Whom it is for, in the inviter's words.
    note = models.CharField(max_length=200, blank=True, default="", db_default="")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    used_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )


class Question(models.Model):
    """One thing asked about every item of a project."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="questions")
    key = models.SlugField(max_length=50)
    # One of questions.kinds.KINDS; not a list of choices here, so that a new kind is no migration.
    kind = models.CharField(max_length=32)
    title = models.CharField(max_length=200, blank=True)
    help = models.TextField(blank=True)
    # The same in Simplified Chinese; empty: as above, in whatever language that is.
    title_zh = models.CharField(max_length=200, blank=True, default="", db_default="")
    help_zh = models.TextField(blank=True, default="", db_default="")
    required = models.BooleanField(default=True)
    position = models.PositiveSmallIntegerField()
    scale_min = models.SmallIntegerField(null=True)
    scale_max = models.SmallIntegerField(null=True)
    # A rating may lie between two points, or say that the question does not apply to the image.
    half_points = models.BooleanField(default=False, db_default=False)
    na = models.BooleanField(default=False, db_default=False)
    # Of a word it may be said that one is not sure.
    unsure = models.BooleanField(default=False, db_default=False)
    # Words are told as spans of neighbours, and tied to places that another question marks.
    spans = models.BooleanField(default=False, db_default=False)
    links = models.BooleanField(default=False, db_default=False)
    # About each image apart (ImageReward's ratings) or about the item as a whole.
    # The key of a question that picks an image: this one is about that (EntityDrawBench).
    about = models.SlugField(max_length=50, blank=True)
    # The first version of the project's questions that asks it, and the first that does no more.
    since = models.PositiveSmallIntegerField(default=1, db_default=1)
    until = models.PositiveSmallIntegerField(null=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            # Also of what is asked no more: what a key stands for is the same for ever.
            models.UniqueConstraint(fields=["project", "key"], name="question_key_once"),
            models.CheckConstraint(
                condition=models.Q(until__isnull=True) | models.Q(until__gt=models.F("since")),
                name="question_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=models.Q(scale_min__isnull=True, scale_max__isnull=True)
                | models.Q(
                    scale_min__isnull=False,
                    scale_max__isnull=False,
                    scale_max__gt=models.F("scale_min"),
                ),
                name="a_scale_has_two_ends",
            ),
        ]


class Option(models.Model):
    """What a question offers: a flag, a class; of a rating the words at the point of its key."""

    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="options")
    key = models.SlugField(max_length=50)
    title = models.CharField(max_length=200, blank=True)
    title_zh = models.CharField(max_length=200, blank=True, default="", db_default="")
    # The key of the option above it in the tree of flaws; empty: at the top.
    parent = models.SlugField(max_length=50, blank=True, default="", db_default="", db_index=False)
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["question", "key"], name="option_key_once"),
        ]


class BatchState(models.TextChoices):
    """A job's states, after those of its upload."""

    UPLOADING = "uploading"
    REQUESTED = JobState.REQUESTED.value
    RUNNING = JobState.RUNNING.value
    DONE = JobState.DONE.value
    FAILED = JobState.FAILED.value
    # For nobody there any more; a worker takes away what there is of it.
    DELETING = "deleting"


class BatchVerdict(models.TextChoices):
    """What a lead has made of a batch: nothing yet, good to use, or sent back."""

    OPEN = "open"
    SIGNED_OFF = "signed_off"
    RETURNED = "returned"


class Batch(Job):
    """The items of one upload; the lot that QC accepts or returns.

    `verdict` is the last that a lead gave, with when and who; a return may be of one annotator's
    share. What led to it, and those before it, is in the audit.
    """

    TASK = "annotator.workers.ingest.ingest_batch"
    ELSEWHERE = models.Q(error__isnull=False)
    MOVES = {
        **JOB_MOVES,
        BatchState.REQUESTED: ("uploading", "failed", "running"),
        BatchState.FAILED: ("running", "uploading"),
        BatchState.DELETING: ("uploading", "requested", "done", "failed"),
    }

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="batches")
    name = models.CharField(max_length=200)
    filename = models.CharField(max_length=255)
    # How items are made of single images: "", "all", "ring" or "random:K"; of a round its design,
    # "uniform" or "adaptive".
    pairs = models.CharField(max_length=20, blank=True)
    # Which round it is of those that were drawn from the project's images; null: an upload.
    round = models.PositiveSmallIntegerField(null=True)
    # Of the training run that made its images; null: it is of none.
    step = models.PositiveBigIntegerField(null=True)
    size = models.BigIntegerField(help_text="bytes announced")
    offset = models.BigIntegerField(default=0, help_text="bytes received")
    state = models.CharField(max_length=16, choices=BatchState, default=BatchState.UPLOADING)
    # Where its bytes lie until they are taken in (core/places.py); "" where it never had any.
    place = models.CharField(max_length=32, blank=True, default="", db_default="")
    # Why it failed, or what it waits for: a reason as JSON.
    error = models.JSONField(null=True)
    done_count = models.PositiveIntegerField(default=0)
    total_count = models.PositiveIntegerField(default=0)
    # How many images its manifest names at sources of the site; none where they came with it, or
    # before all rows are read.
    images_named = models.PositiveIntegerField(null=True)
    # Judged images and items of a finished batch; null: to be counted. `verify` counts again.
    image_count = models.PositiveIntegerField(null=True)
    item_count = models.PositiveIntegerField(null=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now)
    # By which its announcement is known when it is sent again; "": it came without one.
    idempotency_key = models.CharField(max_length=100, blank=True, default="", db_default="")
    finished_at = models.DateTimeField(null=True)
    verdict = models.CharField(
        max_length=16,
        choices=BatchVerdict,
        default=BatchVerdict.OPEN,
        db_default=BatchVerdict.OPEN.value,
    )
    verdict_at = models.DateTimeField(null=True)
    verdict_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(verdict="open", verdict_at=None, verdict_by=None)
                | models.Q(
                    verdict__in=["signed_off", "returned"],
                    verdict_at__isnull=False,
                    verdict_by__isnull=False,
                ),
                name="batch_verdict_by_somebody",
            ),
            models.CheckConstraint(
                condition=~models.Q(verdict="signed_off") | models.Q(state="done"),
                name="signed_off_is_done",
            ),
            models.CheckConstraint(
                condition=models.Q(offset__gte=0, offset__lte=models.F("size")),
                name="batch_offset_within_size",
            ),
            models.UniqueConstraint(
                fields=["project", "created_by", "idempotency_key"],
                condition=~models.Q(idempotency_key=""),
                name="batch_announced_once",
            ),
        ]
        indexes = [models.Index(fields=["project", "-created_at"], name="batch_by_project")]

    @property
    def is_planned(self) -> bool:
        """Whether its rows are all read, and its images are fetched one after the other."""
        return self.images_named is not None

    @property
    def reason(self) -> Reason | None:
        """Why it failed, or what it waits for."""
        return None if self.error is None else from_json(self.error)


class Removal(Job):
    """A project or a batch that a worker takes away, a stretch of items at a time.

    Neither is a foreign key: the row outlives what it speaks of. `batch_id`: None where it is the
    whole project. `counts` is what there was when it was asked for, by name.
    """

    TASK = "annotator.workers.removal.remove"

    project_id = models.BigIntegerField()
    batch_id = models.BigIntegerField(null=True)
    name = models.CharField(max_length=200)
    counts = models.JSONField(default=dict)
    # Items gone so far, of all.
    done_count = models.PositiveIntegerField(default=0)
    total_count = models.PositiveIntegerField(default=0)
    # Why it failed, or what it waits for: a reason as JSON.
    error = models.JSONField(null=True)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    requested_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["project_id"],
                condition=models.Q(batch_id__isnull=True),
                name="removal_of_project_once",
            ),
            models.UniqueConstraint(
                fields=["batch_id"],
                condition=models.Q(batch_id__isnull=False),
                name="removal_of_batch_once",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="failed") | models.Q(error__isnull=False),
                name="a_failed_removal_says_why",
            ),
        ]
        indexes = [
            models.Index(fields=["project_id", "state"], name="removal_by_project"),
            models.Index(fields=["requested_by", "-id"], name="removal_by_person"),
        ]

    @property
    def reason(self) -> Reason | None:
        """Why it failed, or what it waits for."""
        return None if self.error is None else from_json(self.error)
