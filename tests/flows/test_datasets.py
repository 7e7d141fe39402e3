"""Published datasets, taken in as they are: images, prompts, generators, and votes as imported."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from annotator.core.reasons import Code
from annotator.exports.store.tfrecord import example, framed
from annotator.ingest.models import Problem, RecognisedDataset
from annotator.ingest.selectors import problems_of
from annotator.items.models import Image, Item
from annotator.items.selectors import item_spec, places_of
from annotator.judges.selectors import imported_of
from annotator.projects.models import Batch, Project
from annotator.projects.selectors import questions_of, spec_of
from annotator.questions.kinds import dump_answers
from tests import factories, judged, published
from tests.promises import broken
from tests.uploads import image_bytes, zipped

pytestmark = pytest.mark.django_db(transaction=True)


def pairs(**fields: object) -> Project:
    project = factories.project("custom", **fields)
    judged.question(project, "overall", "preference")
    return project


def taken(project: Project, path: Path, **options: Any) -> Batch:
    call_command("import_batch", str(project.pk), str(path), **options)
    return Batch.objects.get(project=project, filename=path.name)


def images_of(item: Item) -> dict[str, Image]:
    return {place.letter: place.image for place in places_of([item.pk])[item.pk]}


def said(item: Item) -> list[tuple[str, int, dict[str, Any]]]:
    """Judge, count and answers, images by generator or file instead of the drawn letters."""
    letters = {
        letter: image.generator or image.source_name for letter, image in images_of(item).items()
    }
    specs = [spec_of(question) for question in questions_of(item.project_id)]
    spec = item_spec(item, letters)
    return [
        (vote.judge, vote.count, named(dump_answers(vote.answers, specs, spec), letters))
        for vote in imported_of([item.pk]).get(item.pk, ())
    ]


def named(answer: Any, letters: dict[str, str]) -> Any:
    if isinstance(answer, dict):
        return {letters.get(key, key): named(value, letters) for key, value in answer.items()}
    if isinstance(answer, list):
        return [named(one, letters) for one in answer]
    return letters.get(answer, answer) if isinstance(answer, str) else answer


def test_pick_a_pic_comes_with_its_votes(tmp_path: Path) -> None:
    project = pairs()
    (tmp_path / "train-0.parquet").write_bytes(published.pickapic(3))

    batch = taken(project, tmp_path / "train-0.parquet")

    items = {item.prompt: item for item in Item.objects.filter(batch=batch)}
    assert [said(items[f"a fox '{row}"]) for row in range(3)] == [
        [("100", 1, {"overall": {"choice": "sdxl"}})],
        [("101", 1, {"overall": {"choice": "dreamlike"}})],
        [("102", 1, {"overall": {"choice": "tie"}})],
    ]
    uids = {image.meta["uid"] for image in images_of(items["a fox '2"]).values()}
    assert uids == {"u2-0", "u2-1"}
    assert items["a fox '2"].meta == {"ranking_id": 2}
    recognised = RecognisedDataset.objects.get(batch=batch)
    assert (recognised.layout, recognised.rows, recognised.votes) == ("pickapic", 3, 3)
    assert not problems_of(batch).exists()
    assert not broken()


def test_what_the_diffusion_dpo_scripts_read_is_taken_too(tmp_path: Path) -> None:
    project = pairs()
    row = {"jpg_0": image_bytes(0), "jpg_1": image_bytes(1), "caption": "a cat", "label_0": 0.0}
    (tmp_path / "manifest.parquet").write_bytes(published.table([row]))

    batch = taken(project, tmp_path / "manifest.parquet")

    (item,) = Item.objects.filter(batch=batch)
    assert said(item) == [("", 1, {"overall": {"choice": "manifest.parquet#0/jpg_1"}})]


def test_votes_on_what_the_project_does_not_ask_are_counted_and_left_out(tmp_path: Path) -> None:
    project = factories.project("custom")
    judged.question(project, "realism", "rating", scale_min=1, scale_max=5)
    (tmp_path / "a.parquet").write_bytes(published.pickapic(3))

    batch = taken(project, tmp_path / "a.parquet")

    assert Item.objects.filter(batch=batch).count() == 3
    (problem,) = Problem.objects.filter(batch=batch)
    assert (problem.code, problem.params) == (
        Code.VOTES_NOT_ASKED, {"question": "overall", "count": 3},
    )  # fmt: skip


def test_a_column_of_images_is_an_image_a_row(tmp_path: Path) -> None:
    project = factories.project("custom")
    judged.question(project, "realism", "rating", scale_min=1, scale_max=5)
    (tmp_path / "train.parquet").write_bytes(published.with_image_column(3))

    batch = taken(project, tmp_path / "train.parquet")

    prompts = Item.objects.filter(batch=batch).values_list("prompt", flat=True)
    assert sorted(prompts) == ["cat 0", "cat 1", "cat 2"]
    assert sorted(image.meta["seed"] for image in Image.objects.filter(batch=batch)) == [0, 1, 2]


@pytest.mark.parametrize("kind", ["jsonl", "csv", "parquet"])
def test_an_image_folder_says_it_in_its_metadata(tmp_path: Path, kind: str) -> None:
    rows = [
        {"file_name": f"{n}.png", "text": f"dog {n}", "model": "sdxl", "seed": n} for n in range(2)
    ]
    if kind == "jsonl":
        metadata = "".join(json.dumps(row) + "\n" for row in rows).encode()
    elif kind == "csv":
        lines = [",".join(rows[0]), *(",".join(map(str, row.values())) for row in rows)]
        metadata = "\n".join(lines).encode()
    else:
        metadata = published.table(rows)
    images = {f"train/{n}.png": image_bytes(n) for n in range(2)}
    folder = published.write(tmp_path / "set", {f"train/metadata.{kind}": metadata, **images})
    project = factories.project("custom")
    judged.question(project, "realism", "rating", scale_min=1, scale_max=5)

    batch = taken(project, folder)

    found = Image.objects.filter(batch=batch).order_by("source_name")
    assert [(image.source_name, image.prompt, image.generator) for image in found] == [
        ("train/0.png", "dog 0", "sdxl"), ("train/1.png", "dog 1", "sdxl"),
    ]  # fmt: skip


@pytest.mark.parametrize("zipped_images", [True, False])
def test_image_reward_db_comes_with_ranks_and_ratings(tmp_path: Path, zipped_images: bool) -> None:
    folder = published.image_reward_db(tmp_path / "db", zipped=zipped_images)
    project = factories.project("custom")
    judged.question(project, "ranking", "ranking")
    for key in ("overall", "alignment", "fidelity"):
        judged.question(project, key, "rating", scale_min=1, scale_max=7)

    batch = taken(project, folder)

    item = Item.objects.get(batch=batch, key="p-1")
    ((judge, count, answers),) = said(item)
    tiers = [{int(name[-6]) for name in tier} for tier in answers["ranking"]["tiers"]]
    ratings = {int(name[-6]): value for name, value in answers["overall"]["ratings"].items()}
    assert (judge, count, tiers) == ("", 1, [{0}, {1, 2}, {3}])
    assert ratings == {0: 7, 1: 6, 2: 5, 3: 4}
    assert item.meta == {"category": "Buildings"}
    assert not problems_of(batch).exists()


def test_hpdv2_keeps_each_annotators_ranking(tmp_path: Path) -> None:
    test = [
        {
            "prompt": "a boat", "image_path": ["0.png", "1.png", "2.png"], "rank": [2, 1, 3],
            "raw_annotations": [
                {"rank": [1, 2, 3], "user_hash": "ab"}, {"rank": [3, 1, 2], "user_hash": "cd"},
            ],
        }
    ]  # fmt: skip
    images = {f"test/{n}.png": image_bytes(n) for n in range(3)}
    folder = published.write(tmp_path / "v2", {"test.json": test, **images})
    project = factories.project("custom")
    judged.question(project, "ranking", "ranking")

    batch = taken(project, folder)

    (item,) = Item.objects.filter(batch=batch)
    told = {
        judge: [name for (name,) in answers["ranking"]["tiers"]] for judge, _, answers in said(item)
    }
    assert told == {
        "ab": ["test/0.png", "test/1.png", "test/2.png"],
        "cd": ["test/1.png", "test/2.png", "test/0.png"],
    }


def test_hpd_pairs_come_with_their_counts(tmp_path: Path) -> None:
    train = [{"human_preference": [0, 1], "prompt": "a tree", "file_path": ["0.png", "1.png"]}]
    v3 = [
        {"prompt": "a hill", "path1": "x/2.png", "path2": "x/3.png", "confidence": 0.9,
         "choice_dist": [12, 3], "model1": "flux", "model2": "sd2"}
    ]  # fmt: skip
    images = {f"train/{n}.png": image_bytes(n) for n in range(2)}
    images |= {f"x/{n}.png": image_bytes(n) for n in (2, 3)}
    two = published.write(tmp_path / "two", {"train.json": train, **images})
    three = published.write(tmp_path / "three", {"all.json": v3, **images})
    project = pairs()

    (pair,) = Item.objects.filter(batch=taken(project, two))
    (counted,) = Item.objects.filter(batch=taken(project, three))

    assert said(pair) == [("", 1, {"overall": {"choice": "train/1.png"}})]
    assert said(counted) == [
        ("", 12, {"overall": {"choice": "flux"}}), ("", 3, {"overall": {"choice": "sd2"}}),
    ]  # fmt: skip


def test_webdataset_shards_are_samples_by_key(tmp_path: Path) -> None:
    shard = published.tar(
        {
            "000.jpg": image_bytes(0, kind="JPEG"), "000.txt": b"a lamp",
            "001.png": image_bytes(1), "001.json": {"caption": "a desk", "seed": 4, "model": "m"},
        }
    )  # fmt: skip
    (tmp_path / "shard.tar").write_bytes(shard)
    project = factories.project("custom")
    judged.question(project, "realism", "rating", scale_min=1, scale_max=5)

    batch = taken(project, tmp_path / "shard.tar")

    found = Image.objects.filter(batch=batch).order_by("prompt")
    assert [(image.prompt, image.generator, image.meta) for image in found] == [
        ("a desk", "m", {"seed": 4}), ("a lamp", "", {}),
    ]  # fmt: skip


def test_a_zip_of_a_dataset_is_the_same(tmp_path: Path) -> None:
    project = pairs()
    data = zipped({"data/train-0.parquet": published.pickapic(2), "README.md": b"card"})
    (tmp_path / "a.zip").write_bytes(data)

    batch = taken(project, tmp_path / "a.zip")

    assert Item.objects.filter(batch=batch).count() == 2
    assert not problems_of(batch).exists()


def test_label_studio_comes_with_its_annotators(tmp_path: Path) -> None:
    def task(number: int, *selected: str) -> dict[str, Any]:
        return {
            "id": number,
            "data": {
                "prompt": f"a lake {number}",
                "image1": f"/data/upload/1/{number}-1.png",
                "image2": f"/data/local-files/?d=set/{number}-2.png",
            },
            "annotations": [
                {
                    "completed_by": {"id": place, "email": f"p{place}@example.org"},
                    "was_cancelled": side == "none",
                    "result": [
                        {
                            "from_name": "overall", "to_name": ["image1", "image2"],
                            "type": "pairwise", "value": {"selected": side},
                        }
                    ],
                }
                for place, side in enumerate(selected)
            ],
        }  # fmt: skip

    tasks = [task(1, "left", "right", "none"), task(2, "right")]
    images = {f"set/{n}-{side}.png": image_bytes(2 * n + side) for n in (1, 2) for side in (1, 2)}
    folder = published.write(tmp_path / "ls", {"export.json": tasks, **images})
    project = pairs()

    batch = taken(project, folder)

    item = Item.objects.get(batch=batch, key="task 1")
    assert said(item) == [
        ("p0@example.org", 1, {"overall": {"choice": "set/1-1.png"}}),
        ("p1@example.org", 1, {"overall": {"choice": "set/1-2.png"}}),
    ]


def test_argilla_comes_with_what_was_submitted(tmp_path: Path) -> None:
    row = {
        "id": "r1", "prompt": "a hat", "image_1": {"bytes": image_bytes(1), "path": "1.png"},
        "image_2": {"bytes": image_bytes(2), "path": "2.png"},
        "overall.responses": ["image_2", "tie", "image_1"],
        "overall.responses.users": ["u1", "u2", "u3"],
        "overall.responses.status": ["submitted", "submitted", "draft"],
    }  # fmt: skip
    (tmp_path / "argilla.parquet").write_bytes(published.table([row]))
    project = pairs()

    batch = taken(project, tmp_path / "argilla.parquet")

    (item,) = Item.objects.filter(batch=batch)
    assert said(item) == [
        ("u1", 1, {"overall": {"choice": "argilla.parquet#0/image_2"}}),
        ("u2", 1, {"overall": {"choice": "tie"}}),
    ]


ELEMENTS = "{'cups (object)': [1, 1, 0], 'two (counting)': [1, 0, 0], \"ann's (other)\": [1, 0]}"


def evalmuse(tmp_path: Path) -> Path:
    """As train_list.json is: lists of one an annotator, the elements in a text of Python."""
    records = [
        {"prompt": "two cups", "img_path": "SDXL/0.png", "total_score": [4, 5, 4],
         "element_score": ELEMENTS}
    ]  # fmt: skip
    files = {"train_list.json": records, "images/SDXL/0.png": image_bytes(0)}
    return published.write(tmp_path / "em", files)


def test_evalmuse_keeps_a_rating_of_each_annotator(tmp_path: Path) -> None:
    project = factories.project("custom")
    # The only rating, under a name of its own.
    judged.question(project, "points", "rating", scale_min=1, scale_max=5)

    batch = taken(project, evalmuse(tmp_path))

    (item,) = Item.objects.filter(batch=batch)
    ratings = [answers["points"]["ratings"]["SDXL"] for _, _, answers in said(item)]
    assert ratings == [4, 5, 4]


def test_evalmuses_elements_are_a_checklist_with_each_annotators_answers(tmp_path: Path) -> None:
    project = factories.project("custom")
    judged.question(project, "elements", "checklist")
    judged.question(project, "alignment", "rating", scale_min=1, scale_max=5)

    batch = taken(project, evalmuse(tmp_path))

    (item,) = Item.objects.filter(batch=batch)
    assert [(row.id, row.text, row.kind) for row in item.rows] == [
        ("1", "cups", "object"),
        ("2", "two", "counting"),
        ("3", "ann's", "other"),
    ]
    assert [answers.get("elements") for _, _, answers in said(item)] == [
        {"rows": {"1": "yes", "2": "yes", "3": "yes"}},
        {"rows": {"1": "yes", "2": "no", "3": "no"}},
        None,  # the third annotator said nothing of the last element
    ]
    assert not broken()


def mmrb2_file(pairs: int, words: int = 0) -> dict[str, Any]:
    """As benchmark/t2i.json is; each pair with a prompt of so many words more."""
    return {
        "pairs": [
            {
                "id": f"t2i-{n}", "chosen": "A", "human_annotations": [6, 4, 2],
                "response_a": {"model_name": "x", "response_content": [["image", "img/0.png"]]},
                "response_b": {"model_name": "y", "response_content": [["image", "img/1.png"]]},
                "prompt_source": "wise", "prompt_metadata": {"id": n, "category": "Biology"},
                "prompt_content": [["text", f"kite {n}" + " and" * words]],
            }
            for n in range(pairs)
        ]
    }  # fmt: skip


def test_a_long_file_of_mmrb2_gives_its_grades_to_a_question_of_six_steps(tmp_path: Path) -> None:
    images = {f"img/{n}.png": image_bytes(n) for n in range(2)}
    # Longer than one record may be: the list under its key is streamed.
    folder = published.write(tmp_path / "long", {"t2i.json": mmrb2_file(700, 400), **images})
    assert (folder / "t2i.json").stat().st_size > 1 << 20
    project = factories.project("custom")
    judged.question(project, "overall", "graded", scale_min=1, scale_max=6)

    items = Item.objects.filter(batch=taken(project, folder)).order_by("key")

    assert items.count() == 700
    grades = sorted(answers["overall"]["grade"] for _, _, answers in said(items[0]))
    # 6 is there what 1 is here, unless the letters were drawn the other way round.
    turned = images_of(items[0])["a"].generator == "y"
    assert grades == ([2, 4, 6] if turned else [1, 3, 5])


def test_mmrb2_and_editreward_are_pairs_with_their_judges(tmp_path: Path) -> None:
    mmrb2 = mmrb2_file(1)
    edits = [
        {
            "prompt": "make it night", "path_src": "/mnt/img/2.png", "path1": "/mnt/img/3.png",
            "path2": "/mnt/img/4.png", "model1": "p", "model2": "q", "model1_dim1_score": 4,
            "model2_dim1_score": 2, "model1_overall_score": 7, "model2_overall_score": 5,
        }
    ]  # fmt: skip
    images = {f"img/{n}.png": image_bytes(n) for n in range(5)}
    one = published.write(tmp_path / "mmrb2", {"t2i.json": mmrb2, **images})
    two = published.write(tmp_path / "edits", {"EditReward.json": edits, **images})
    project = pairs()
    judged.question(project, "instruction_following", "rating", scale_min=1, scale_max=4)

    (graded,) = Item.objects.filter(batch=taken(project, one))
    (edited,) = Item.objects.filter(batch=taken(project, two))

    assert [answers["overall"]["choice"] for _, _, answers in said(graded)] == ["x", "x", "y"]
    assert (graded.prompt, graded.meta) == ("kite 0", {"grade_1": 6, "grade_2": 4, "grade_3": 2})
    assert said(edited) == [
        ("", 1, {
            "overall": {"choice": "p"}, "instruction_following": {"ratings": {"p": 4, "q": 2}},
        })
    ]  # fmt: skip
    sources = {image.reference.source_name for image in images_of(edited).values()
               if image.reference is not None}  # fmt: skip
    assert sources == {"img/2.png"}


def test_richhf_keeps_scores_and_words_and_finds_its_images(tmp_path: Path) -> None:
    def record(uid: str, labels: bytes) -> bytes:
        return framed(
            example({
                "filename": f"train/{uid}.png".encode(), "artifact_score": 0.75,
                "misalignment_score": 0.5, "aesthetics_score": 1.0, "overall_score": 0.0,
                "artifact_map": b"png", "misalignment_map": b"png",
                "prompt_misalignment_label": labels,
            })
        )  # fmt: skip

    columns = ("image_0_uid", "image_1_uid", "caption", "jpg_0", "jpg_1")
    joined = [
        dict(zip(columns, ("abc", "", "a red fox", image_bytes(1), b""), strict=True)),
        dict(zip(columns, ("def", "", "a dog", image_bytes(2), b""), strict=True)),
    ]
    files = {
        "train.tfrecord": record("abc", b"1 0 1") + record("def", b"1 1 1 1"),
        "data/train.parquet": published.table(joined),
    }
    folder = published.write(tmp_path / "richhf", files)
    project = factories.project("custom")
    judged.question(project, "misaligned_words", "words")

    batch = taken(project, folder)

    fox = Item.objects.get(batch=batch, key="abc")
    assert said(fox) == [("", 1, {"misaligned_words": {"tokens": [1]}})]
    meta = images_of(fox)["a"].meta
    scores = [meta[name] for name in ("plausibility", "alignment", "aesthetics", "overall")]
    assert scores == [0.75, 0.5, 1.0, 0.0]
    # Labels and words that are not as many are no vote; the image is taken all the same.
    assert said(Item.objects.get(batch=batch, key="def")) == []


def test_a_file_of_no_layout_is_refused_in_words(tmp_path: Path) -> None:
    (tmp_path / "other.json").write_text('[{"a": 1}]')

    with pytest.raises(CommandError, match="known layout"):
        taken(pairs(), tmp_path / "other.json")
