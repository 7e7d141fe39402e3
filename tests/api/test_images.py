"""Images over HTTP: who may see them, and what else is told by the way (UP-7, UP-9, UP-10)."""

import base64
import io
import uuid
from typing import Any

import numpy as np
import PIL.Image as Pillow
import pytest
from django.core.files.storage import default_storage
from django.utils import timezone
from rest_framework.test import APIClient

from annotator import pipeline
from annotator.accounts.models import Role
from annotator.ingest.restoring import Limits, restore
from annotator.ingest.services import store_image
from annotator.items.models import Image
from annotator.projects.models import Project
from tests import factories
from tests.drivers import signed_in
from tests.uploads import image_bytes, pixels, with_text

CANARY = "canary-generator-4711"
LIMITS = Limits(8192, 40_000_000, 50 * 1024**2, 384)


@pytest.fixture
def image(project: Project) -> Image:
    """A stored image of an open item."""
    (item,) = factories.open_items(project, 1)
    source = with_text(image_bytes(3, width=500, height=400), CANARY)
    kept = store_image(project.pk, source, restore(source, LIMITS))
    made = item.places.get(place=0).image
    Image.objects.filter(pk=made.pk).update(
        sha256=kept.sha256, source_name=CANARY, width=kept.width, height=kept.height
    )
    made.refresh_from_db()
    return made


def urls(image: Image) -> list[str]:
    return [f"/api/v1/images/{image.pk}/{kind}" for kind in ("file", "thumbnail", "views/512")]


def body(answer: Any) -> bytes:
    return b"".join(answer.streaming_content)


def opened(answer: Any) -> Pillow.Image:
    return Pillow.open(io.BytesIO(body(answer)))


def test_a_manager_sees_the_pixels_that_were_stored(project: Project, image: Image) -> None:
    manager = signed_in(project.created_by)

    answers = [manager.get(url) for url in urls(image)]
    file, thumbnail, view = map(opened, answers)

    assert [answer["Content-Type"] for answer in answers] == ["image/webp"] * 3
    assert np.array_equal(np.asarray(file), pixels(3, width=500, height=400))
    assert (thumbnail.size, view.size) == ((384, 307), (500, 400))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_what_is_sent_has_one_format_whatever_was_uploaded(project: Project, kind: str) -> None:
    (item,) = factories.open_items(project, 1)
    image = item.places.get(place=0).image
    source = image_bytes(3, kind=kind, width=1100, height=20)
    kept = store_image(project.pk, source, restore(source, LIMITS))
    Image.objects.filter(pk=image.pk).update(
        sha256=kept.sha256, suffix=kept.suffix, width=1100, height=20
    )
    manager = signed_in(project.created_by)

    files = ("file", "thumbnail", "views/512", "views/1024", "views/2048")
    sent = [body(manager.get(f"/api/v1/images/{image.pk}/{path}")) for path in files]

    # The chunk's name says which of WebP's two codings it is; there is no other chunk.
    assert [data[:4] + data[8:16] for data in sent] == [
        b"RIFFWEBPVP8L", *[b"RIFFWEBPVP8 "] * 4,
    ]  # fmt: skip
    assert [len(data) for data in sent] == [
        20 + int.from_bytes(data[16:20], "little") + data[16] % 2 for data in sent
    ]
    assert np.array_equal(
        np.asarray(Pillow.open(io.BytesIO(sent[0]))),
        np.asarray(Pillow.open(io.BytesIO(source)).convert("RGB")),
    )


def test_views_of_an_earlier_release_s_image_are_made_when_asked_for(
    project: Project, image: Image
) -> None:
    name = image.view_paths[512]
    default_storage.delete(name)

    answer = opened(signed_in(project.created_by).get(urls(image)[2]))

    assert answer.size == (500, 400)
    assert default_storage.exists(name)


def test_a_view_in_a_size_that_an_image_has_not_is_not_found(
    project: Project, image: Image
) -> None:
    manager = signed_in(project.created_by)

    for side in (0, 384, 500, 1024, 10**30):
        assert manager.get(f"/api/v1/images/{image.pk}/views/{side}").status_code == 404


def test_nothing_of_the_source_is_in_an_answer(project: Project, image: Image) -> None:
    annotator = factories.member(project)
    pipeline.claim(annotator, project.pk, count=1, now=timezone.now())
    client = signed_in(annotator)
    secrets = [CANARY, image.sha256, image.source_sha256, image.generator]
    hidden = [form for text in secrets for form in (text, base64.b64encode(text.encode()).decode())]

    for url in urls(image):
        answer = client.get(url)
        everything = body(answer) + str(dict(answer.headers)).encode()

        assert answer.status_code == 200
        assert [text for text in hidden if text.encode() in everything] == []


def test_an_image_can_do_nothing_but_be_looked_at(project: Project, image: Image) -> None:
    for url in urls(image):
        answer = signed_in(project.created_by).get(url)

        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert answer["Cache-Control"] == "private, max-age=31536000, immutable"
        assert answer["Content-Disposition"] == "inline"
        assert answer["Cross-Origin-Resource-Policy"] == "same-origin"
        assert "ETag" not in answer
        assert "Last-Modified" not in answer
        body(answer)


def test_only_who_has_to_do_with_it_sees_an_image(
    project: Project, image: Image, client: APIClient
) -> None:
    claimed = factories.member(project)
    pipeline.claim(claimed, project.pk, count=1, now=timezone.now())
    other = factories.project()
    people = {
        "manager": project.created_by,
        "reviewer": factories.member(project, Role.REVIEWER),
        "claimed": claimed,
        "annotator": factories.member(project),
        "elsewhere": other.created_by,
        "nobody": factories.user(),
    }

    for url in urls(image):
        answers = {name: signed_in(who).get(url) for name, who in people.items()}
        got = {name: answer.status_code for name, answer in answers.items()}
        assert all(body(answer) for answer in answers.values() if answer.status_code == 200)

        assert got == {
            "manager": 200, "reviewer": 200, "claimed": 200,
            "annotator": 404, "elsewhere": 404, "nobody": 404,
        }  # fmt: skip
        assert client.get(url).status_code == 401


def test_absent_and_not_yours_are_told_alike(project: Project, image: Image) -> None:
    stranger = signed_in(factories.user())

    answers = [stranger.get(f"/api/v1/images/{pk}/file") for pk in (image.pk, uuid.uuid4())]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].json() == answers[1].json()


def test_a_file_that_is_gone_is_not_found(project: Project) -> None:
    (item,) = factories.open_items(project, 1)
    image = item.places.get(place=0).image

    assert signed_in(project.created_by).get(urls(image)[0]).status_code == 404


def test_the_proxy_is_told_where_the_file_is(project: Project, image: Image, settings: Any) -> None:
    settings.ACCEL_REDIRECT = "/_images/"

    answer = signed_in(project.created_by).get(urls(image)[0])

    assert answer["X-Accel-Redirect"] == f"/_images/{image.exact_path}"
    assert answer["Content-Type"] == "image/webp"
    assert answer.content == b""


def test_an_image_costs_four_queries_at_most(
    project: Project, image: Image, django_assert_num_queries: Any
) -> None:
    annotator = factories.member(project)
    pipeline.claim(annotator, project.pk, count=1, now=timezone.now())
    client = signed_in(annotator)

    # The image, the roles, the assignment.
    with django_assert_num_queries(3):
        body(client.get(urls(image)[0]))
    # The image, the roles.
    manager = signed_in(project.created_by)
    with django_assert_num_queries(2):
        body(manager.get(urls(image)[0]))
