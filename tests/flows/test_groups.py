"""A training loop has candidates ranked: in front of the queue, in its time, with nothing lost."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from annotator.annotations.models import Annotation
from annotator.assignments.models import Assignment, AssignmentState
from annotator.groups.models import CandidateGroup
from annotator.items.models import Image, Item
from annotator.pipeline import events
from annotator.pipeline.candidate_groups import end_groups
from annotator.projects.models import Batch, Project, Question
from annotator.webhooks.models import WebhookDelivery, WebhookEvent
from annotator.webhooks.services import WebhookDraft
from annotator.workers.ingest import ingest_batch
from tests import factories
from tests.drivers import Annotator, mps_answers, signed_in
from tests.promises import broken_but_files
from tests.uploads import image_bytes

pytestmark = pytest.mark.django_db(transaction=True)


def files(count: int, *, seed: int = 0) -> list[SimpleUploadedFile]:
    return [SimpleUploadedFile(f"{n}.png", image_bytes(seed + n)) for n in range(count)]


def ask(project: Project, count: int, *, key: str = "", seed: int = 0, **more: Any) -> Any:
    """What the site answers to a training loop that asks."""
    body = {"images": files(count, seed=seed), "prompt": "a red cube", "seconds": 600, **more}
    headers = {"Idempotency-Key": key} if key else {}
    return signed_in(project.created_by).post(
        f"/api/v1/projects/{project.pk}/groups", body, format="multipart", headers=headers
    )


def asked(project: Project, count: int, **more: Any) -> dict[str, Any]:
    """A group that is with people."""
    answer = ask(project, count, **more)
    assert answer.status_code == 201, answer.content
    group: dict[str, Any] = answer.json()
    ingest_batch(group["batch"])
    return group


def read(project: Project, group: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = (
        signed_in(project.created_by).get(f"/api/v1/groups/{group['id']}").json()
    )
    return found


def candidates(held: dict[str, Any]) -> dict[str, int]:
    """Letter → which candidate it is, which no annotator is told."""
    names = dict(Image.objects.values_list("pk", "source_name"))
    ids = {str(pk): int(name.rpartition("/")[2]) for pk, name in names.items() if "/" in name}
    return {image["letter"]: ids[image["id"]] for image in held["item"]["images"]}


def prefer_lower(person: Annotator) -> None:
    """Answers the first pair that they hold: the candidate with the lower number is better."""
    place = candidates(person.held[0])
    person.submit(mps_answers("a" if place["a"] < place["b"] else "b"))


def time_is_up(group: dict[str, Any]) -> None:
    CandidateGroup.objects.filter(pk=group["id"]).update(
        deadline=timezone.now() - timedelta(seconds=1)
    )
    end_groups(timezone.now())


@pytest.fixture
def pairs() -> Project:
    return factories.project(review_rate=0.0)


def ranking_project(**fields: Any) -> Project:
    made = factories.project("custom", review_rate=0.0, **fields)
    Question.objects.create(project=made, key="order", kind="ranking", position=0)
    return made


def test_pairs_of_all_candidates_are_ranked_as_people_see_them(pairs: Project) -> None:
    group = asked(pairs, 3, step=1200)
    assert (group["state"], group["partial"], group["votes"]) == ("waiting", True, 0)
    assert group["rankings"][-1]["ranking"] == []

    for _ in range(3):
        person = Annotator(factories.member(pairs), pairs).claim(3)
        for _ in range(3):
            prefer_lower(person)
    end_groups(timezone.now())

    found = read(pairs, group)
    assert (found["state"], found["partial"], found["votes"]) == ("whole", False, 9)
    overall = next(one for one in found["rankings"] if one["question"] == "overall")
    assert overall["ranking"] == [0, 1, 2]
    assert overall["wins"] == [[0, 3, 3], [0, 0, 3], [0, 0, 0]]
    strengths = [row["strength"] for row in overall["standings"]]
    assert strengths == sorted(strengths, reverse=True)
    assert all(row["interval"][0] < row["strength"] < row["interval"][1]
               for row in overall["standings"])  # fmt: skip
    assert found["images"] == [
        str(Image.objects.get(source_name=f"candidates/{n}").pk) for n in range(3)
    ]
    assert Image.objects.values_list("meta__step", flat=True).distinct().get() == 1200
    assert broken_but_files() == set()


def test_one_ranking_of_all_where_items_may_have_so_many_images() -> None:
    project = ranking_project()
    group = asked(project, 4)
    assert group["items"] == 1

    for _ in range(3):
        person = Annotator(factories.member(project), project).claim()
        place = candidates(person.held[0])
        tiers = [[letter] for letter in sorted(place, key=lambda letter: -place[letter])]
        person.submit({"order": {"tiers": tiers}})
    end_groups(timezone.now())

    found = read(project, group)
    assert found["state"] == "whole"
    assert found["rankings"][0]["ranking"] == [3, 2, 1, 0]
    assert found["rankings"][0]["wins"][3] == [3, 3, 3, 0]


def test_a_group_is_given_out_before_all_that_waited_longer(pairs: Project) -> None:
    factories.open_items(pairs, 20)
    far = Annotator(factories.member(pairs), pairs).claim(2)
    for _ in range(2):
        far.submit(mps_answers("a"))
    group = asked(pairs, 2)

    for person in (far, Annotator(factories.member(pairs), pairs)):
        person.claim(3)
        batches = [Item.objects.get(pk=held["item"]["id"]).batch_id for held in person.held]
        assert batches.count(group["batch"]) == 1
        assert batches[0] == group["batch"]
    # Whoever gives it back gives it back to the front.
    held = far.held[0]["id"]
    far.client.post(f"/api/v1/assignments/{held}/release", {"reason": "skip"}, format="json")
    third = Annotator(factories.member(pairs), pairs).claim(1)
    assert candidates(third.held[0])


def test_walking_on_is_as_before_beside_a_group(pairs: Project) -> None:
    factories.open_items(pairs, 6)
    person = Annotator(factories.member(pairs), pairs).claim(2)
    asked(pairs, 2)

    for count in (3, 7):
        person.claim(count)

    items = [held["item"]["id"] for held in person.held]
    assert len(items) == len(set(items)) == 7
    assert broken_but_files() == set()


def test_some_answers_when_time_is_up_are_a_partial_answer(pairs: Project) -> None:
    group = asked(pairs, 3, least=1)
    person = Annotator(factories.member(pairs), pairs).claim(3)
    for _ in range(3):
        prefer_lower(person)

    time_is_up(group)

    found = read(pairs, group)
    assert (found["state"], found["partial"], found["votes"]) == ("partial", True, 3)
    assert found["rankings"][0]["ranking"] == [0, 1, 2]
    # What was answered stays; the items are out of work, reports and exports, and say why.
    assert Annotation.objects.filter(counted=True, current=True).count() == 3
    assert Item.objects.filter(excluded_reason="its group has ended").count() == 3
    assert not Assignment.objects.filter(state=AssignmentState.OPEN).exists()
    assert Annotator(factories.member(pairs), pairs).claim(3).held == []
    assert broken_but_files() == set()


def test_nobody_in_time_is_expired_with_no_votes(pairs: Project) -> None:
    group = asked(pairs, 3)

    time_is_up(group)

    found = read(pairs, group)
    assert (found["state"], found["partial"], found["votes"]) == ("expired", True, 0)
    assert [one["ranking"] for one in found["rankings"]] == [[]] * 4
    assert broken_but_files() == set()


def test_an_answer_after_the_end_is_kept_and_told_of(pairs: Project) -> None:
    group = asked(pairs, 2)
    person = Annotator(factories.member(pairs), pairs).claim()
    time_is_up(group)

    person.submit(mps_answers("a"))

    assert person.last is not None
    assert person.last.json()["counted"] is False
    found = read(pairs, group)
    assert (found["votes"], found["late"]) == (0, 1)
    assert broken_but_files() == set()


def test_the_most_votes_end_it_before_its_time(pairs: Project) -> None:
    group = asked(pairs, 2, least=1, most=2)
    for _ in range(2):
        prefer_lower(Annotator(factories.member(pairs), pairs).claim())

    end_groups(timezone.now())

    found = read(pairs, group)
    assert (found["state"], found["partial"], found["votes"]) == ("whole", False, 2)
    # Two are fewer than the project's three: exports do without the item.
    assert Item.objects.get().excluded_at is not None
    assert broken_but_files() == set()


def test_a_webhook_is_told_with_all_that_came(pairs: Project) -> None:
    draft = WebhookDraft("https://hooks.example/", [WebhookEvent.GROUP_DONE])
    events.add_webhook(pairs, draft, by=pairs.created_by, now=timezone.now())
    group = asked(pairs, 2, step=7)
    time_is_up(group)
    end_groups(timezone.now())

    message = json.loads(WebhookDelivery.objects.get().body)
    assert message["type"] == "group.done"
    assert message["data"]["id"] == group["id"]
    assert (message["data"]["step"], message["data"]["state"]) == (7, "expired")


def test_the_same_key_is_the_same_group(pairs: Project) -> None:
    first = ask(pairs, 2, key="step 12, prompt 3").json()
    again = ask(pairs, 2, key="step 12, prompt 3").json()
    other = ask(pairs, 2, key="step 12, prompt 3", seed=5)

    assert again["id"] == first["id"]
    assert other.status_code == 422
    assert other.json()["code"] == "key_reused"
    assert Batch.objects.count() == 1


def test_the_same_images_may_be_asked_about_again(pairs: Project) -> None:
    groups = [asked(pairs, 2, step=step) for step in (1, 2)]

    assert len({group["id"] for group in groups}) == 2
    assert Item.objects.count() == 2


def test_an_image_that_can_not_be_shown_fails_the_group(pairs: Project) -> None:
    images = [*files(2), SimpleUploadedFile("2.png", b"no image")]
    group = asked(pairs, 3, images=images)

    found = read(pairs, group)
    assert found["state"] == "failed"
    assert found["error"]["code"] == "image_no_image"
    assert Annotator(factories.member(pairs), pairs).claim(3).held == []
    assert broken_but_files() == set()


@pytest.mark.parametrize(
    ("count", "more", "status", "code"),
    [
        (1, {}, 400, "group_candidates"),
        (2, {"most": 4}, 400, "group_answers"),
        (2, {"least": 3, "most": 2}, 400, "group_answers"),
        (2, {"names": ["one"]}, 400, "group_names"),
    ],
)
def test_terms_that_can_not_be_met_are_refused(
    pairs: Project, count: int, more: dict[str, Any], status: int, code: str
) -> None:
    answer = ask(pairs, count, **more)

    assert answer.status_code == status
    assert code in {reason["code"] for reason in answer.json()["fields"].values()}
    assert not Batch.objects.exists()


def test_a_project_that_compares_nothing_takes_no_group() -> None:
    project = factories.project("custom")
    Question.objects.create(project=project, key="stars", kind="rating", position=0, scale_min=1,
                            scale_max=5)  # fmt: skip

    answer = ask(project, 2)

    assert (answer.status_code, answer.json()["code"]) == (409, "group_not_compared")


def test_of_many_candidates_each_is_compared_with_four(pairs: Project) -> None:
    group = asked(pairs, 9)

    assert group["items"] == 18
    names = [
        [image.source_name for image in Image.objects.filter(places__item=item)]
        for item in Item.objects.all()
    ]
    met = [name for pair in names for name in pair]
    assert {met.count(name) for name in met} == {4}
