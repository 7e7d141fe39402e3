"""Guidelines change in versions: who has worked by an older one is shown what is new, once."""

import io
import struct
import zlib
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image as Pillow
from rest_framework.response import Response

from annotator.accounts.models import User
from annotator.annotations.models import Annotation
from annotator.guidelines.models import Acknowledgement, GuidelineImage, GuidelineVersion
from annotator.projects.models import Project
from tests import factories
from tests.drivers import Annotator, mps_answers, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


def write(project: Project, text: str) -> None:
    answer = signed_in(project.created_by).patch(
        f"/api/v1/projects/{project.pk}", {"guideline": text}, format="json"
    )
    assert answer.status_code == 200, answer.content


def read(user: User, project: Project) -> dict[str, object]:
    answer = signed_in(user).get(f"/api/v1/projects/{project.pk}/guideline")
    assert answer.status_code == 200, answer.content
    body: dict[str, object] = answer.json()
    return body


def acknowledge(user: User, project: Project, version: int) -> Response:
    address = f"/api/v1/projects/{project.pk}/guideline/acknowledgement"
    answer: Response = signed_in(user).post(address, {"version": version}, format="json")
    return answer


def test_a_change_is_shown_to_who_has_answered_until_they_acknowledge_it() -> None:
    project = factories.project(guideline="Count fingers.")
    factories.open_items(project, 2)
    worker, newcomer = factories.member(project), factories.member(project)
    Annotator(worker, project).claim().submit(mps_answers("a"))

    write(project, "Count fingers and toes.")

    new = {"version": 2, "text": "Count fingers and toes."}
    unread = {"read_version": 1, "read_text": "Count fingers."}
    nothing = {"read_version": None, "read_text": None}
    assert read(worker, project) == new | unread
    assert read(newcomer, project) == new | nothing
    assert acknowledge(worker, project, 2).status_code == 204
    assert acknowledge(worker, project, 2).status_code == 204
    assert read(worker, project) == new | nothing
    assert Acknowledgement.objects.count() == 1


def test_changes_add_up_for_who_reads_none_of_them() -> None:
    project = factories.project(guideline="One.")
    factories.open_items(project, 1)
    worker = factories.member(project)
    Annotator(worker, project).claim().submit(mps_answers("a"))

    write(project, "One, two.")
    write(project, "One, two, three.")

    assert read(worker, project) == {
        "version": 3, "text": "One, two, three.", "read_version": 1, "read_text": "One.",
    }  # fmt: skip


def test_a_guideline_saved_with_the_same_words_is_no_version() -> None:
    project = factories.project(guideline="One.")

    write(project, "One.\n")

    assert not GuidelineVersion.objects.exists()
    assert read(project.created_by, project)["version"] == 1


def test_a_version_that_is_not_there_can_not_be_acknowledged() -> None:
    project = factories.project(guideline="One.")

    assert acknowledge(factories.member(project), project, 2).status_code == 404
    assert not Acknowledgement.objects.exists()


def test_agreement_is_told_by_the_version_that_each_answer_was_given_under() -> None:
    project = factories.project(guideline="One.", overlap=2, review_rate=0.0)
    factories.open_items(project, 4)
    people = [Annotator(factories.member(project), project) for _ in range(2)]
    lead = signed_in(project.created_by)
    # Under the first they say the opposite of each other; once both have read the second, the same.
    for _ in range(2):
        for person, choice in zip(people, "ab", strict=True):
            person.claim().submit(mps_answers(choice))
    write(project, "Two.")
    acknowledge(people[0].user, project, 2)
    acknowledge(people[1].user, project, 2)
    for choice in "ab":
        for person in people:
            person.claim().submit(mps_answers(choice))

    body = lead.get(f"/api/v1/projects/{project.pk}/guideline/versions").json()

    found = [
        (one["number"], one["text"], one["read_by"], one["answers"]) for one in body["versions"]
    ]
    assert found == [(2, "Two.", 2, 4), (1, "One.", 0, 4)]
    second, first = ({q["id"]: q["alpha"] for q in one["agreement"]} for one in body["versions"])
    assert second["overall"] == 1.0
    # Krippendorff 2011, section B: two coders, nominal, always apart over two units with two of
    # each value: 1 - (n - 1) * o / (n_a * n_b) = 1 - 3 * 2 / (2 * 2).
    assert first["overall"] == pytest.approx(-0.5)


def test_an_answer_before_the_acknowledgement_counts_under_the_earlier_version() -> None:
    project = factories.project(guideline="One.", overlap=1, review_rate=0.0)
    factories.open_items(project, 2)
    worker = Annotator(factories.member(project), project)
    worker.claim().submit(mps_answers("a"))
    write(project, "Two.")
    worker.claim().submit(mps_answers("a"))
    assert acknowledge(worker.user, project, 2).status_code == 204
    Annotation.objects.update(submitted_at=timezone.now() - timedelta(days=1))

    body = signed_in(project.created_by).get(f"/api/v1/projects/{project.pk}/guideline/versions")

    assert [one["answers"] for one in body.json()["versions"]] == [0, 2]


def image_bytes() -> bytes:
    """A PNG with a comment in it."""
    stream = io.BytesIO()
    Pillow.new("RGB", (12, 8), (200, 30, 30)).save(stream, "PNG")
    data = stream.getvalue()
    text = b"tEXt" + b"Author\0somebody"
    chunk = struct.pack(">I", len(text) - 4) + text + struct.pack(">I", zlib.crc32(text))
    return data[:33] + chunk + data[33:]


def add_image(project: Project, user: User, data: bytes) -> Response:
    answer: Response = signed_in(user).post(
        f"/api/v1/projects/{project.pk}/guideline/images",
        {"file": SimpleUploadedFile("flaw.png", data)},
        format="multipart",
    )
    return answer


def test_an_image_is_served_to_members_alone_without_what_its_file_told() -> None:
    project = factories.project()
    stranger = factories.user()

    made = add_image(project, project.created_by, image_bytes())

    assert made.status_code == 201, made.content
    assert (made.json()["width"], made.json()["height"]) == (12, 8)
    sent = signed_in(factories.member(project)).get(made.json()["url"])
    assert sent["Content-Type"] == "image/webp"
    stored = b"".join(sent.streaming_content)
    assert b"somebody" not in stored
    with Pillow.open(io.BytesIO(stored)) as image:
        assert image.getpixel((3, 3)) == pytest.approx((200, 30, 30), abs=2)  # a view, not exact
    assert signed_in(stranger).get(made.json()["url"]).status_code == 404
    assert add_image(project, project.created_by, image_bytes()).json()["id"] == made.json()["id"]


def test_what_is_no_image_is_refused_with_its_reason() -> None:
    project = factories.project()

    refused = add_image(project, project.created_by, b"<svg onload='alert(1)'/>")

    assert refused.status_code == 400
    assert refused.json()["fields"]["file"]["code"] == "image_of_other_type"
    assert not GuidelineImage.objects.exists()
