"""People, what they may do in a project, and how their programs get in."""

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils import timezone

from annotator.accounts import names


class Language(models.TextChoices):
    """Languages that the pages speak."""

    ENGLISH = "en"
    CHINESE = "zh-Hans"


class Role(models.TextChoices):
    """What a member may do in a project; a person may hold several."""

    ANNOTATOR = "annotator"
    REVIEWER = "reviewer"
    MANAGER = "manager"


class TokenScope(models.TextChoices):
    """What a program may do with a token."""

    READ = "read"
    WRITE = "write"


class UserManager(BaseUserManager["User"]):
    """Makes users, for Django's own commands too."""

    def create_user(self, username: str, password: str | None = None, **fields: object) -> "User":
        """A user; without a password one that can't sign in with one."""
        user = self.model(username=names.normal(username), **fields)
        user.set_password(password)
        user.save()
        return user

    def create_superuser(
        self, username: str, password: str | None = None, **fields: object
    ) -> "User":
        """The site's first lead: may create projects. (There is no other superpower.)"""
        return self.create_user(username, password, can_create_projects=True, **fields)


class User(AbstractBaseUser):
    """A person with an account."""

    username = models.CharField(max_length=150, unique=True)
    # What names that look like this one have in common. None: it was there before they were
    # refused, and an older account has the same.
    skeleton = models.TextField(null=True, unique=True, editable=False)  # noqa: DJ001 - unique
    display_name = models.CharField(max_length=150, blank=True)
    language = models.CharField(max_length=8, choices=Language, default=Language.ENGLISH)
    can_create_projects = models.BooleanField(default=False)
    # The provider's groups gave that, and take it back; else it was given by hand.
    leads_by_group = models.BooleanField(default=False, db_default=False)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=timezone.now)

    objects = UserManager()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    def save(self, *args: Any, **kwargs: Any) -> None:
        """As Django's; a new account's name is kept from those that look like it."""
        if self._state.adding:
            self.skeleton = names.skeleton(self.username)
        super().save(*args, **kwargs)


class Identity(models.Model):
    """Who a person is to an OpenID provider: its number for them, which never becomes another's."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="identities")
    issuer = models.CharField(max_length=255)
    subject = models.CharField(max_length=255)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["issuer", "subject"], name="identity_once"),
            models.UniqueConstraint(fields=["user", "issuer"], name="identity_one_a_person"),
        ]


class SecondFactor(models.Model):
    """The secret of a person's authenticator app (RFC 6238), encrypted; counts once confirmed."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, primary_key=True, related_name="+")
    secret = models.TextField()
    confirmed_at = models.DateTimeField(null=True)
    # The time step of the last code that was taken: no code of it or before is taken again.
    last_step = models.BigIntegerField(default=0)


class RecoveryCode(models.Model):
    """Opens an account once in place of its app's code. Shown once; only its SHA-256 is kept."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "digest"], name="recovery_code_once"),
        ]


class ApiToken(models.Model):
    """A bearer token of a person's programs. Shown once; only its SHA-256 is kept.

    It opens what its owner may do, and of that no more than its scope: reading alone, or one
    project alone. `project_id` is no foreign key: rooms above know projects, this one does not.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=100)
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)
    scope = models.CharField(
        max_length=8, choices=TokenScope, default=TokenScope.WRITE, db_default=TokenScope.WRITE
    )
    # None: every project of its owner.
    project_id = models.BigIntegerField(null=True)


class SignInGate(models.Model):
    """What slows the guessing of passwords down, of one account, from one address, or both.

    In the database: a Redis that was emptied must not open it. `key` says which gate it is (see
    gates.Attempt), names as SHA-256, so that names that nobody has are slowed alike. No try is
    evaluated before `opens_at`.
    """

    key = models.CharField(max_length=80, primary_key=True)
    failures = models.PositiveIntegerField(default=0)
    opens_at = models.DateTimeField()
    last_at = models.DateTimeField(db_index=True)
