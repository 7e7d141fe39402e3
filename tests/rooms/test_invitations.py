"""Ways in: invitations and tokens, through the rooms."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
from django.db import connection

from annotator import pipeline
from annotator.accounts import services
from annotator.accounts.models import ApiToken, Role, User
from annotator.accounts.selectors import digest_of
from annotator.accounts.services import NewUser
from annotator.core.errors import Conflict, Invalid, NotFound, TriptychError
from annotator.projects.members import invite, revoke_invitation
from annotator.projects.models import Invitation, Membership, Project
from tests import factories

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
WEEK = timedelta(days=7)


def invited(project: Project, role: Role = Role.ANNOTATOR) -> str:
    _, secret = invite(by=project.created_by, project=project, role=role, expires_in=WEEK, now=NOON)
    return secret


def new_user(name: str = "grace") -> NewUser:
    return NewUser(name, "a longer walk home", "Grace")


def test_an_invited_stranger_gets_an_account_and_the_role(project: Project) -> None:
    secret = invited(project, Role.REVIEWER)

    user = pipeline.join_as_new_user(new_user(), secret, now=NOON)

    assert user.check_password("a longer walk home")
    assert not user.can_create_projects
    assert list(user.memberships.values_list("project", "role")) == [(project.pk, "reviewer")]
    assert Invitation.objects.get().used_by == user


def test_only_the_digest_of_an_invitation_is_kept(project: Project) -> None:
    secret = invited(project)

    row = Invitation.objects.values().get()

    assert secret not in str(row)
    assert row["digest"] == digest_of(secret)


@pytest.mark.parametrize(
    ("spoil", "at"),
    [
        ("use", NOON),
        ("revoke", NOON),
        ("nothing", NOON + WEEK),
        ("mistype", NOON),
    ],
)
def test_a_spent_invitation_lets_nobody_in(project: Project, spoil: str, at: datetime) -> None:
    secret = invited(project)
    if spoil == "use":
        pipeline.join_project(factories.user(), secret, now=NOON)
    elif spoil == "revoke":
        revoke_invitation(Invitation.objects.get())
    elif spoil == "mistype":
        secret = secret[:-1]
    people, members = User.objects.count(), Membership.objects.count()

    with pytest.raises(NotFound):
        pipeline.join_as_new_user(new_user(), secret, now=at)

    assert (User.objects.count(), Membership.objects.count()) == (people, members)


def test_a_name_that_is_taken_leaves_the_invitation_good(project: Project) -> None:
    factories.user("grace")
    secret = invited(project)

    with pytest.raises(Invalid) as refused:
        pipeline.join_as_new_user(new_user("grace"), secret, now=NOON)

    assert set(refused.value.fields) == {"username"}
    assert Invitation.objects.get().used_at is None
    assert pipeline.join_as_new_user(new_user("hopper"), secret, now=NOON)


@pytest.mark.parametrize(
    ("made", "field"),
    [
        (NewUser("grace", "short"), "password"),
        (NewUser("grace", "1234567890"), "password"),
        (NewUser("grace.hopper", "grace.hopper1"), "password"),
        (NewUser("grace", "x" * 1001), "password"),
        (NewUser("", "a longer walk home"), "username"),
        (NewUser("gr ace", "a longer walk home"), "username"),
        (NewUser("gr\x00ace", "a longer walk home"), "username"),
        (NewUser("g" * 151, "a longer walk home"), "username"),
        (NewUser("grace", "a longer walk home", "G" * 151), "display_name"),
    ],
)
def test_an_account_that_cannot_be_is_refused_in_words(
    project: Project, made: NewUser, field: str
) -> None:
    secret = invited(project)
    people = User.objects.count()

    with pytest.raises(Invalid) as refused:
        pipeline.join_as_new_user(made, secret, now=NOON)

    assert set(refused.value.fields) == {field}
    assert User.objects.count() == people
    assert Invitation.objects.get().used_at is None


def test_a_role_that_one_has_does_not_use_the_invitation_up(project: Project) -> None:
    ada = factories.member(project, Role.ANNOTATOR)
    secret = invited(project, Role.ANNOTATOR)

    with pytest.raises(Conflict):
        pipeline.join_project(ada, secret, now=NOON)

    assert Invitation.objects.get().used_at is None


def test_a_used_invitation_is_not_revoked(project: Project) -> None:
    pipeline.join_project(factories.user(), invited(project), now=NOON)

    with pytest.raises(Conflict):
        revoke_invitation(Invitation.objects.get())

    assert Invitation.objects.count() == 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_eight_who_use_one_invitation_at_once_one_gets_in() -> None:
    project = factories.project()
    secret = invited(project)
    people = [factories.user() for _ in range(4)]
    start = Barrier(8)

    def as_new_user(number: int) -> bool:
        made = new_user(f"newcomer{number}")
        start.wait()
        return bool(pipeline.join_as_new_user(made, secret, now=NOON))

    def as_somebody(user: User) -> bool:
        start.wait()
        return bool(pipeline.join_project(user, secret, now=NOON))

    def tried(call: object, who: object) -> bool:
        try:
            return bool(call(who))  # type: ignore[operator]
        except TriptychError:
            return False
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as threads:
        running = [threads.submit(tried, as_new_user, number) for number in range(4)]
        running += [threads.submit(tried, as_somebody, user) for user in people]
        joined = [each.result() for each in running]

    assert sum(joined) == 1
    assert Membership.objects.filter(project=project, role=Role.ANNOTATOR).count() == 1
    assert User.objects.filter(username__startswith="newcomer").count() <= 1
    assert User.objects.exclude(memberships__isnull=False).count() >= 3


def test_a_token_is_good_until_it_expires(db: None) -> None:
    ada = factories.user("ada")
    token, secret = services.make_token(ada, name="mine", expires_in=WEEK, now=NOON)

    found = services.live_token(secret, now=NOON)
    assert found is not None
    assert found.user == ada
    assert services.live_token(secret, now=NOON + WEEK) is None
    assert services.live_token(secret + "x", now=NOON) is None
    assert secret not in str(ApiToken.objects.values().get(pk=token.pk))


def test_a_closed_accounts_token_opens_nothing(db: None) -> None:
    ada = factories.user("ada")
    _, secret = services.make_token(ada, name="mine", expires_in=WEEK, now=NOON)
    User.objects.update(is_active=False)

    assert services.live_token(secret, now=NOON) is None


def test_a_tokens_use_is_noted_once_a_minute(db: None, django_assert_num_queries: object) -> None:
    ada = factories.user("ada")
    token, secret = services.make_token(ada, name="mine", expires_in=WEEK, now=NOON)
    seen = []

    for seconds, queries in ((0, 2), (30, 1), (59, 1), (60, 2)):
        # One to find the token with its owner; one more to note the use.
        with django_assert_num_queries(queries):  # type: ignore[operator]
            services.live_token(secret, now=NOON + timedelta(seconds=seconds))
        token.refresh_from_db()
        seen.append((token.last_used_at - NOON).total_seconds())  # type: ignore[operator]

    assert seen == [0, 0, 0, 60]


def test_a_person_has_at_most_fifty_tokens(db: None) -> None:
    ada = factories.user("ada")
    for number in range(50):
        services.make_token(ada, name=str(number), expires_in=WEEK, now=NOON)

    with pytest.raises(Conflict):
        services.make_token(ada, name="one more", expires_in=WEEK, now=NOON)

    assert ApiToken.objects.count() == 50
