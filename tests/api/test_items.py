"""A lead's list of items, and one with everything."""

import uuid
from typing import Any

import pytest
from django.utils import timezone

from annotator.annotations.models import Annotation
from annotator.consensus.models import Consensus
from annotator.items.models import FlatMeta, Image, Item, ItemImage
from annotator.items.services import add_images, add_items
from annotator.measurements.models import Measurement
from annotator.projects.models import Project
from annotator.reports import item_filter
from annotator.reports import items as listing
from tests import factories
from tests.drivers import Annotator, Reviewer, mps_answers, signed_in

pytestmark = pytest.mark.django_db


class Listed:
    """What a lead is told of a project's items."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.client = signed_in(project.created_by)

    def page(self, **query: Any) -> dict[str, Any]:
        answer = self.client.get(f"/api/v1/projects/{self.project.pk}/items", query)
        assert answer.status_code == 200, answer.content
        return answer.json()

    def names(self, **query: Any) -> list[str]:
        """batch:key of each."""
        rows = self.page(**query)["results"]
        first = min((row["batch"] for row in rows), default=0)
        return [f"{row['batch'] - first}:{row['key']}" for row in rows]


def test_items_are_listed_by_upload_newest_first_or_oldest_first() -> None:
    project = factories.project()
    factories.items(project, 2)
    factories.items(project, 1)
    factories.items(factories.project(), 1)
    listed = Listed(project)

    assert listed.names() == ["1:0", "0:1", "0:0"]
    assert listed.names(order="oldest") == ["0:0", "0:1", "1:0"]
    row = listed.page()["results"][0]
    assert (row["state"], row["sampled"], row["overlap"]) == ("open", False, 3)
    assert [image["generator"] for image in row["images"]] == ["generator-0", "generator-1"]


@pytest.mark.parametrize("order", ["newest", "oldest", "disagreement"])
def test_pages_by_key_give_every_item_once(order: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "PAGE", 3)
    project = factories.project()
    items = [*factories.items(project, 5), *factories.items(project, 3)]
    for place, item in enumerate(items):
        Consensus.objects.create(
            item=item, project=project, annotations=3, disagreement=(place % 3) / 4
        )
    listed = Listed(project)

    found, cursor = [], ""
    for _ in range(3):
        page = listed.page(order=order, cursor=cursor)
        found += [row["id"] for row in page["results"]]
        cursor = page["next"]

    assert cursor is None
    assert len(found) == 8
    assert set(found) == {str(item.pk) for item in items}
    if order == "disagreement":
        by_id = {str(row.item_id): row.disagreement for row in Consensus.objects.all()}
        assert [by_id[pk] for pk in found] == [0.5, 0.5, 0.25, 0.25, 0.25, 0, 0, 0]


@pytest.mark.parametrize("cursor", ["nothing", "0.5_nothing", str(uuid.UUID(int=7))])
def test_a_cursor_that_is_none_is_refused(cursor: str) -> None:
    project = factories.project()

    answer = signed_in(project.created_by).get(
        f"/api/v1/projects/{project.pk}/items",
        {"cursor": cursor, "order": "disagreement" if "_" in cursor else "newest"},
    )

    assert answer.status_code == 400
    assert answer.json()["fields"]["cursor"]["code"] == "cursor_unknown"


def test_items_are_found_by_a_part_of_their_prompt_of_any_case_and_sign() -> None:
    project = factories.project()
    factories.items(project, 1, prompt="A Red cube, 100% real")
    factories.items(project, 1, prompt="a blue ball")
    listed = Listed(project)

    assert listed.names(search="red CUBE") == ["0:0"]
    assert listed.names(search="100%") == ["0:0"]
    assert listed.names(search="%ball") == []
    assert listed.names(search="_") == []
    assert len(listed.names(search="a")) == 2


def test_items_are_found_by_state(monkeypatch: pytest.MonkeyPatch) -> None:
    project = factories.project(review_rate=0.0)
    drawn = factories.project(review_rate=1.0)
    people = [Annotator(factories.member(project), project) for _ in range(3)]
    for count in (3, 1, 0):
        factories.open_items(project, 1)
        for person in people[:count]:
            person.claim().submit(mps_answers("a"))
    listed = Listed(project)

    assert listed.names(state="settled") == ["0:0"]
    assert listed.names(state="in_work") == ["0:0"]
    assert listed.names(state="open") == ["0:0"]
    # The same where there are too many open slots to name their items.
    monkeypatch.setattr(item_filter, "FEW", 0)
    assert listed.names(state="open") == ["0:0"]
    assert [row["state"] for row in listed.page()["results"]] == ["open", "in_work", "settled"]
    factories.open_items(drawn, 1)
    for _ in range(3):
        Annotator(factories.member(drawn), drawn).claim().submit(mps_answers("a"))
    waiting = Listed(drawn)
    assert waiting.names(state="waiting") == ["0:0"]
    assert waiting.names(state="in_work") == []
    reviewer = Reviewer(factories.member(drawn, "reviewer"), drawn)
    review = reviewer.next()
    assert review is not None
    reviewer.decide(review)
    assert waiting.names(state="waiting") == []
    assert waiting.names(state="settled", sampled=True) == ["0:0"]
    assert waiting.names(sampled=False) == []


def test_items_are_found_by_who_made_them_who_answered_and_what_was_measured() -> None:
    project = factories.project(review_rate=0.0)
    one, _ = factories.open_items(project, 2)
    alone = factories.items(project, 1, images=1)[0]
    person = Annotator(factories.member(project), project).claim().submit(mps_answers("a"))
    answered = Annotation.objects.get().item_id
    image = ItemImage.objects.filter(item=one)[0].image
    Measurement.objects.create(
        project=project, image=image, metric="sharpness", version="1", state="done", value=0.5,
        at=timezone.now(),
    )  # fmt: skip
    listed = Listed(project)

    def ids(**query: Any) -> set[str]:
        return {row["id"] for row in listed.page(**query)["results"]}

    assert ids(annotator=person.user.pk) == {str(answered)}
    assert str(alone.pk) not in ids(generator="generator-1")
    assert len(ids(generator="generator-0")) == 3
    assert ids(generator="nobody") == set()
    assert ids(metric="sharpness") == {str(one.pk)}
    assert ids(metric="sharpness", metric_min=0.5, metric_max=0.5) == {str(one.pk)}
    assert ids(metric="sharpness", metric_min=0.6) == set()
    assert ids(batch=alone.batch_id) == {str(alone.pk)}


@pytest.mark.parametrize("few", [0, 100])
def test_items_are_found_by_what_came_with_them(few: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(item_filter, "FEW", few)
    project = factories.project(review_rate=0.0)
    steps: list[FlatMeta] = [{"step": 1000}, {"step": "1000"}, {"step": 2000, "a b": True}, {}]
    metas: list[FlatMeta] = [{"category": "animals"}, {"category": "text", "step": 5}, {}, {}]
    in_batch = factories.batch(project)
    for number, (of_image, of_item) in enumerate(zip(steps, metas, strict=True)):
        images = [
            Image(project=project, batch=in_batch, source_name=f"{number}{letter}.png", bytes=1,
                  source_sha256="0" * 64, sha256="0" * 64, width=8, height=8, meta=meta)
            for letter, meta in (("a", of_image), ("b", {"cfg": 7.5} if of_image else {}))
        ]  # fmt: skip
        item = Item(project=project, batch=in_batch, key=f"{number}", meta=of_item)
        add_images(images)
        add_items([(item, images)])
    factories.items(factories.project(), 1)
    listed = Listed(project)

    def found(key: str, value: str = "") -> str:
        rows = listed.page(order="oldest", meta=key, meta_value=value)["results"]
        return "".join(row["key"] for row in rows)

    assert found("step") == "012"
    assert (found("step", "1000"), found("step", "2e3"), found("step", "5")) == ("01", "2", "1")
    assert (found("cfg", "7.5"), found("cfg", "7.50"), found("cfg", "7")) == ("012", "012", "")
    assert (found("a b", "true"), found("a b", "false")) == ("2", "")
    assert (found("category", "animals"), found("category", "anim"), found("seed")) == ("0", "", "")
    assert listed.names(meta="step", meta_value="1000", search="nothing") == []
    row = listed.page(order="oldest")["results"][0]
    assert row["meta"] == {"category": "animals"}
    assert [image["meta"] for image in row["images"]] == [{"step": "1000"}, {"cfg": "7.5"}]
    choices = listed.client.get(f"/api/v1/projects/{project.pk}/items/choices").json()
    assert choices["image_meta"] == ["a b", "cfg", "step"]
    assert choices["item_meta"] == ["category", "step"]
    one = listed.client.get(f"/api/v1/items/{row['id']}").json()
    assert (one["meta"], one["images"][0]["meta"]) == ({"category": "animals"}, {"step": "1000"})
    assert (one["design"], one["selection_probability"]) == ("", None)


def test_items_are_found_and_sorted_by_disagreement() -> None:
    project = factories.project(review_rate=0.0)
    people = [Annotator(factories.member(project), project) for _ in range(3)]
    for choices in ("aaa", "aab", "abt"):
        factories.open_items(project, 1)
        for person, choice in zip(people, choices, strict=True):
            person.claim().submit(mps_answers("tie" if choice == "t" else choice))
    factories.open_items(project, 1)
    listed = Listed(project)

    found = [row["disagreement"] for row in listed.page(order="disagreement")["results"]]

    assert found == [1.0, pytest.approx(2 / 3), 0.0]
    assert len(listed.names(disagreement=0.5)) == 2
    assert len(listed.names(disagreement=0.5, order="disagreement")) == 2


def test_a_page_takes_six_queries(django_assert_num_queries: Any) -> None:
    project = factories.project()
    factories.open_items(project, 30)

    # Items with their batches, images, slots, reviews, consensus; the person and the project.
    with django_assert_num_queries(6):
        Listed(project).page()


def test_an_item_is_told_with_names_times_sides_revisions_and_history() -> None:
    project = factories.project(review_rate=1.0)
    [item] = factories.open_items(project, 1)
    people = [Annotator(factories.member(project), project).claim() for _ in range(3)]
    first = people[0].held[0]["id"]
    for person in people:
        person.submit(mps_answers("a"), active_ms=4000)
    people[0].put(first, mps_answers("b"))
    reviewer = Reviewer(factories.member(project, "reviewer"), project)
    review = reviewer.next()
    assert review is not None
    reviewer.decide(review, A2="the other way round")

    found = signed_in(project.created_by).get(f"/api/v1/items/{item.pk}").json()

    assert (found["state"], found["sampled"], found["consensus"]) == ("in_work", True, None)
    assert [(image["letter"], image["generator"]) for image in found["images"]] == [
        ("a", "generator-0"), ("b", "generator-1"),
    ]  # fmt: skip
    rows = {(row["annotator"]["name"], row["revision"]): row for row in found["answers"]}
    assert len(rows) == 4
    mine = rows[people[0].user.username, 1]
    assert (mine["current"], mine["stands"], mine["active_ms"]) == (False, False, 4000)
    assert rows[people[0].user.username, 2]["stands"] is True
    rejected = next(row for row in found["answers"] if row["state"] == "rejected")
    assert rejected["verdict"]["reason"] == "the other way round"
    assert rejected["verdict"]["reviewer"]["name"] == reviewer.user.username
    assert sorted(slot["state"] for slot in found["slots"]) == ["accepted", "accepted", "open"]
    assert [event["cause"] for event in found["history"]].count("verdict") == 3
    assert all(sorted(row["shown"]["order"]) == ["a", "b"] for row in found["answers"])
