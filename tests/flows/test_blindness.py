"""Nothing that an annotator can receive tells the generator, a file's name, others' answers, a
measurement, or whether an item is drawn for review. Canaries are planted in all of these; an
annotator is driven through every route of the API; every byte and header is searched."""

import base64
import io
import json
import re
import urllib.parse
import zipfile
from collections.abc import Iterator
from typing import Any

import pytest
from drf_spectacular.generators import SchemaGenerator
from PIL import Image as PillowImage
from PIL.PngImagePlugin import PngInfo
from rest_framework.response import Response

from annotator.annotations.models import Annotation
from annotator.assignments.models import Assignment
from annotator.items.models import Image, Item, ItemImage
from annotator.measurements.models import (
    Feature,
    Likeness,
    Measurement,
    ProjectMetric,
    Reference,
    SetMeasurement,
)
from annotator.projects.models import Batch, Project, Question
from annotator.reviews.models import Review
from annotator.workers.ingest import ingest_batch
from tests import factories
from tests.drivers import Annotator, Reviewer, mps_answers, signed_in

pytestmark = pytest.mark.django_db(transaction=True)

GENERATORS = ("zanderfish-xl-9", "quokkadiff-2")
FILES = ("wombatfolder", "numbatfile")
CHUNK = "pangolin-in-a-text-chunk"
COMMENT = "axolotl said somebody else"
COLLEAGUE = "narwhalcolleague"
REASON = "because of the capybara"
MEASURED = 0.8191237455
UPLOADER = "ocelotuploader"
FEATURE = "thylacine feature vector"
BROKEN = "kakapo could not be read"
REFERENCE = "dugong reference set"
NETWORK = "okapinetwork"
CHOSEN = "quollmetric"
SET_VALUE = 31.4159271828
SEED, SAMPLER, CATEGORY, META_KEY = (
    982451653017,
    "wobbegong-ancestral",
    "platypuscategory",
    "bilbykey",
)
CANARIES = [
    *GENERATORS, *FILES, CHUNK, COMMENT, COLLEAGUE, REASON, str(MEASURED), UPLOADER, FEATURE,
    BROKEN, REFERENCE, NETWORK, CHOSEN, str(SET_VALUE), str(SEED), SAMPLER, CATEGORY, META_KEY,
]  # fmt: skip


def image_bytes(seed: int) -> bytes:
    """A PNG with a canary in a text chunk and in EXIF."""
    image = PillowImage.new("RGB", (96, 64), (40 * seed % 255, 90, 160))
    image.putpixel((seed, seed), (255, 255, 255))
    info = PngInfo()
    info.add_text("Software", CHUNK)
    exif = image.getexif()
    exif[0x0131] = CHUNK
    stream = io.BytesIO()
    image.save(stream, "PNG", pnginfo=info, exif=exif)
    return stream.getvalue()


def upload() -> bytes:
    """A zip of ten pairs, its names and its manifest full of canaries."""
    stream, rows = io.BytesIO(), []
    with zipfile.ZipFile(stream, "w") as archive:
        for place in range(10):
            images = []
            for side, generator in enumerate(GENERATORS):
                name = f"{FILES[0]}/{generator}/{FILES[1]}-{place}.png"
                archive.writestr(name, image_bytes(2 * place + side))
                meta = {"seed": SEED, META_KEY: SAMPLER}
                images.append({"file": name, "generator": generator, "meta": meta})
            row = {"prompt": f"a red cube, number {place}", "images": images, "category": CATEGORY}
            rows.append(json.dumps(row))
        archive.writestr("manifest.jsonl", "\n".join(rows))
    return stream.getvalue()


def spellings(canary: str) -> Iterator[bytes]:
    """The ways in which a canary could hide."""
    raw = canary.encode()
    yield raw
    yield raw.hex().encode()
    yield urllib.parse.quote(canary, safe="").encode()
    # base64 at each of the three alignments, without the ends that its neighbours change
    for shift in range(3):
        yield base64.b64encode(b"x" * shift + raw)[4:-4]


def assert_blind(answer: Response) -> None:
    """No canary in any spelling, in the body or in a header."""
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    whole = body + repr(dict(answer.headers)).encode()
    for canary in CANARIES:
        for spelling in spellings(canary):
            assert spelling.lower() not in whole.lower(), (answer.request, canary)
    if answer.headers.get("Content-Type", "").startswith("application/json") and body:
        names = set(re.findall(r'"(\w+)":', body.decode()))
        hidden = {"generator", "sampled", "review_id", "sha", "source_name", "meta", "category"}
        hidden |= {"design", "selection_probability"}
        assert not names & hidden, names


def plant_what_sets_are_made_of(project: Project) -> None:
    """Chosen metrics, features, broken images, likenesses; a reference set and its values."""
    ProjectMetric.objects.create(project=project, metric=CHOSEN, chosen=True)
    images = list(Image.objects.order_by("pk"))
    for image, other in zip(images, reversed(images), strict=True):
        Feature.objects.create(
            project=project, image=image, network=NETWORK, weights="w", vector=FEATURE.encode()
        )
        Measurement.objects.create(
            project=project, image=image, metric=NETWORK, state="failed", current=False,
            reasons=[{"code": "image_unreadable", "params": {"error": BROKEN}, "message": BROKEN}],
        )  # fmt: skip
        Likeness.objects.create(image=image, other=other, distance=3)
    reference = Reference.objects.create(project=project, name=REFERENCE, source="images")
    for generator in GENERATORS:
        SetMeasurement.objects.create(
            project=project, generator=generator, reference=reference, network=NETWORK,
            metric=CHOSEN, version="1", state="done", value=SET_VALUE,
        )  # fmt: skip


@pytest.fixture
def judged() -> tuple[Project, Annotator]:
    """An uploaded, partly judged project, and an annotator who has seen none of it yet."""
    project = factories.project(template="mps")
    Question.objects.create(project=project, key="why", kind="comment", position=9, required=False)
    lead = factories.member(project, "manager", UPLOADER)
    client, content = signed_in(lead), upload()
    made = client.post(
        f"/api/v1/projects/{project.pk}/batches",
        {"name": UPLOADER, "filename": "ocelotuploader.zip", "size": len(content)},
        format="json",
    )
    assert made.status_code == 201, made.content
    sent = client.patch(
        f"/api/v1/batches/{made.json()['id']}/upload",
        content,
        content_type="application/offset+octet-stream",
        headers={"Upload-Offset": "0"},
    )
    assert sent.status_code == 200, sent.content
    ingest_batch(made.json()["id"])
    assert Batch.objects.get().state == "done"
    assert Item.objects.count() == 10
    for name in (COLLEAGUE, "second"):
        colleague = Annotator(factories.member(project, "annotator", name), project)
        while colleague.claim().held:
            colleague.submit({**mps_answers("b"), "why": {"text": COMMENT}})
    for image in Image.objects.all():
        Measurement.objects.create(
            project=project, image=image, metric="planted", version="1", state="done",
            value=MEASURED,
        )  # fmt: skip
    plant_what_sets_are_made_of(project)
    return project, Annotator(factories.member(project), project)


def test_no_canary_reaches_an_annotator_at_work(judged: tuple[Project, Annotator]) -> None:
    _, person = judged
    seen = 0
    while person.claim(2).held:
        assert person.last is not None
        assert_blind(person.last)
        for image in person.held[0]["item"]["images"]:
            for url in (image["url"], image["thumbnail_url"], image["sizes"][0]["url"]):
                answer = person.client.get(url)
                assert answer.status_code == 200
                assert_blind(answer)
        target = person.held[0]["id"]
        person.submit(mps_answers("a"))
        assert_blind(person.last)
        again = person.client.get(f"/api/v1/assignments/{target}")
        assert again.json()["answers"] == mps_answers("a")
        assert_blind(again)
        seen += 1
    assert seen == 10
    assert_blind(person.client.get(f"/api/v1/projects/{person.project.pk}/my-annotations"))


def test_no_canary_reaches_an_annotator_on_any_route(judged: tuple[Project, Annotator]) -> None:
    project, person = judged
    person.claim(3)
    review = Review.objects.filter(project=project).first()
    assert review is not None
    reviewer = Reviewer(factories.member(project, "reviewer"), project)
    known = {
        "project_id": project.pk,
        "batch_id": Batch.objects.get().pk,
        "review_id": review.pk,
        "assignment_id": person.held[0]["id"],
        "image_id": Image.objects.all()[0].pk,
        "side": 512,
        "export_id": 1,
        "name": "manifest.json",
        "token": "nothing",
    }
    schema = SchemaGenerator().get_schema(request=None, public=True)
    tried = 0
    for path, methods in schema["paths"].items():
        if "logout" in path:
            continue
        address = re.sub(r"{(\w+)}", lambda hit: str(known.get(hit.group(1), 1)), path)
        for method in set(methods) & {"get", "post", "put", "patch", "delete"}:
            answer = getattr(person.client, method)(address, {}, format="json")
            assert answer.status_code < 500, (method, address)
            assert_blind(answer)
            tried += 1
    assert tried > 30
    assert reviewer.user.pk != person.user.pk


def test_a_drawn_item_looks_and_behaves_like_any_other(judged: tuple[Project, Annotator]) -> None:
    project, person = judged
    drawn = {str(pk) for pk in Review.objects.values_list("item_id", flat=True)}
    assert len(drawn) == 2

    def shape(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: shape(inner) for key, inner in value.items()}
        if isinstance(value, list):
            return [shape(inner) for inner in value]
        return type(value).__name__

    shapes: dict[bool, set[str]] = {True: set(), False: set()}
    while person.claim(1).held:
        target, item = person.held[0]["id"], person.held[0]["item"]["id"]
        first = person.put(target, mps_answers("a"))
        changed = person.put(target, mps_answers("tie"))
        again = person.client.get(f"/api/v1/assignments/{target}")
        said = [shape(answer.json()) for answer in (first, changed, again)]
        codes = [answer.status_code for answer in (first, changed, again)]
        shapes[item in drawn].add(json.dumps([person.held[0]["shown"] and said, codes]))

    assert shapes[True] == shapes[False]
    assert len(shapes[True]) == 1
    assert Annotation.objects.filter(annotator=person.user).count() == 20
    assert Assignment.objects.filter(project=project, annotator=person.user).count() == 10


def test_no_letter_stands_for_a_generator() -> None:
    """The manifest names the same generator first on each of its ten lines."""
    drawn = set()
    for seed in range(3):
        project = factories.project(seed=f"{seed}")
        client = signed_in(factories.member(project, "manager"))
        content = upload()
        made = client.post(
            f"/api/v1/projects/{project.pk}/batches",
            {"name": "b", "filename": "b.zip", "size": len(content)},
            format="json",
        ).json()
        client.patch(
            f"/api/v1/batches/{made['id']}/upload",
            content,
            content_type="application/offset+octet-stream",
            headers={"Upload-Offset": "0"},
        )
        ingest_batch(made["id"])
        places = ItemImage.objects.filter(item__project=project, place=0)
        drawn |= set(places.values_list("image__generator", flat=True))

    assert drawn == set(GENERATORS)
