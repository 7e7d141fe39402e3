"""Each promise that the database itself can't keep is seen to be broken when it is."""

import hashlib
import os
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as site_settings
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.utils import timezone

from annotator import pipeline
from annotator.annotations.models import Annotation, AnnotationPiece
from annotator.annotations.services import Submission
from annotator.assignments.models import Assignment, Cursor, Event, Exclusion
from annotator.audit.catalog import INVARIANTS
from annotator.audit.scope import Scope, check
from annotator.consensus.models import Consensus, Finding, Override
from annotator.exports.models import Export, ExportFile
from annotator.exports.selectors import folder_of
from annotator.gold.models import Consequence, GoldAnswer, GoldItem, GoldStop
from annotator.gold.services import RuleSettings
from annotator.ingest import uploads
from annotator.ingest.models import PlannedItem, UploadPart
from annotator.items.models import Image, Item, ItemImage
from annotator.judges.models import ImportedAnnotation
from annotator.measurements.duplicates import keep_hashes
from annotator.measurements.models import Feature, Likeness, Measurement, SetMeasurement
from annotator.pipeline.known_answers import make_gold, set_gold_rule
from annotator.projects.models import Batch, Project, Removal
from annotator.reviews.models import (
    AcceptOrReject,
    BatchReturn,
    ReturnedAnswer,
    Review,
    SecondReview,
    Verdict,
)
from annotator.reviews.sampling import draw
from annotator.reviews.services import GivenVerdict, take_next
from annotator.rewards.models import RewardHead
from tests import factories
from tests.drivers import Annotator, mps_answers
from tests.promises import broken

pytestmark = pytest.mark.django_db


def store(name: str, content: bytes) -> None:
    default_storage.save(name, File(BytesIO(content)))


def with_files(images: list[Image]) -> None:
    """Gives rows of images files (their bytes need not be images)."""
    for image in images:
        content = f"image {image.pk}".encode()
        image.sha256 = hashlib.sha256(content).hexdigest()
        image.save()
        for path in image.all_paths:
            store(path, content)


def answer_all(project: Project, people: list[factories.User]) -> None:
    for person in people:
        while hand := pipeline.claim(person, project.pk, count=5, now=timezone.now()):
            for assignment in hand:
                submission = Submission(key=f"{assignment.pk}", answers=mps_answers("a"))
                pipeline.submit(person, assignment.pk, submission, now=timezone.now())


@pytest.fixture
def judged(db: None) -> Project:
    """Four pairs by three people, two of them reviewed; one answer revised; one pair more, open."""
    project = factories.project(review_rate=0.4)
    factories.open_items(project, 4)
    people = [factories.member(project) for _ in range(3)]
    answer_all(project, people)
    last = Annotation.objects.exclude(item__in=Review.objects.values("item")).first()
    assert last is not None
    again = Submission(key="once again", answers=mps_answers("b"))
    pipeline.submit(last.annotator, last.assignment_id, again, now=timezone.now())
    reviewer = factories.member(project, "reviewer")
    while review := take_next(reviewer=reviewer, project=project, now=timezone.now()):
        rows = Annotation.objects.filter(item=review.item, current=True)
        verdicts = {row.pk: GivenVerdict(AcceptOrReject.ACCEPT) for row in rows}
        pipeline.review(reviewer, review.pk, verdicts, now=timezone.now())
    factories.open_items(project, 1)
    with_files(list(Image.objects.all()))
    return project


def test_all_promises_hold_of_a_judged_project(judged: Project) -> None:
    out = StringIO()

    call_command("verify", str(judged.pk), stdout=out)

    assert broken() == set()
    lines = out.getvalue().splitlines()
    assert lines[-1] == f"All {len(INVARIANTS)} promises hold."
    assert [line.split()[1] for line in lines[:-1]] == [one.name for one in INVARIANTS]


def test_the_command_names_what_is_broken_and_exits_with_one(judged: Project) -> None:
    Consensus.objects.first().delete()  # type: ignore[union-attr]
    out = StringIO()

    with pytest.raises(SystemExit) as end:
        call_command("verify", stdout=out)

    assert end.value.code == 1
    assert "      1  settled-full      An item is settled if and only if" in out.getvalue()
    assert out.getvalue().splitlines()[-1] == "1 violations."


def test_another_project_is_not_looked_at(judged: Project) -> None:
    other = factories.project()
    Consensus.objects.first().delete()  # type: ignore[union-attr]

    assert broken(other) == set()
    assert broken(judged) == {"settled-full"}


# What is planted, by the promise that it breaks.


def a_slot_too_many() -> None:
    taken = open_slot()
    Assignment.objects.create(
        item=taken.item, project=taken.project, slot=7, position=1, shown_order="ab"
    )


def open_slot() -> Assignment:
    return Assignment.objects.filter(state="open").order_by("slot")[0]


def accepted(sampled: bool = False) -> Annotation:
    reviewed = Review.objects.values("item")
    rows = Annotation.objects.filter(assignment__state="accepted", current=True, revision=1)
    return (rows.filter(item__in=reviewed) if sampled else rows.exclude(item__in=reviewed))[0]


def an_extra_vote_in_an_own_place() -> None:
    Assignment.objects.filter(pk=open_slot().pk).update(extra_vote=True)


def an_open_slot_of_an_excluded_item() -> None:
    Item.objects.filter(pk=open_slot().item_id).update(
        excluded_at=timezone.now(), excluded_reason="for a test"
    )


def a_withdrawn_slot_of_an_item_at_work() -> None:
    Assignment.objects.filter(pk=open_slot().pk).update(state="withdrawn")


def a_disagreement_made_up() -> None:
    Consensus.objects.filter(pk=Consensus.objects.all()[0].pk).update(disagreement=0.25)


def an_override_that_the_consensus_hides() -> None:
    consensus = Consensus.objects.all()[0]
    Override.objects.create(
        item=consensus.item,
        project=consensus.project,
        by=consensus.project.created_by,
        answers=mps_answers("a"),
        reason="for a test",
        at=timezone.now(),
    )


def a_slot_too_few() -> None:
    open_slot().delete()


def too_many_held() -> None:
    project = Project.objects.get()
    person = factories.member(project)
    for item in factories.open_items(project, site_settings.MAX_HELD + 1):
        slot = Assignment.objects.filter(item=item, slot=0)
        slot.update(state="claimed", annotator=person, lease_expires_at=timezone.now())


def claimed() -> Assignment:
    project = Project.objects.get()
    person = factories.member(project)
    return pipeline.claim(person, project.pk, count=1, now=timezone.now())[0]


def a_dead_lease() -> None:
    ended = timezone.now() - timedelta(seconds=91)
    Assignment.objects.filter(pk=claimed().pk).update(lease_expires_at=ended)


def somebody_paused_who_holds_an_item() -> None:
    Cursor.objects.filter(annotator=claimed().annotator).update(paused_at=timezone.now())


def a_reviewer_with_a_slot() -> None:
    row = accepted()
    Exclusion.objects.create(item=row.item, annotator=row.annotator, reason="reviewed")


def a_slot_elsewhere() -> None:
    Assignment.objects.filter(pk=open_slot().pk).update(project=factories.project())


def an_order_with_one_image_twice() -> None:
    Assignment.objects.filter(pk=open_slot().pk).update(shown_order="aa")


def an_order_too_short() -> None:
    Assignment.objects.filter(pk=open_slot().pk).update(shown_order="a")


def one_side_for_all() -> None:
    Assignment.objects.update(shown_order="ab")
    Annotation.objects.update(shown_order="ab")


def a_step_out_of_nowhere() -> None:
    event = Event.objects.filter(to_state="accepted")[0]
    Event.objects.filter(pk=event.pk).update(from_state="claimed")


def a_step_without_a_trace() -> None:
    Event.objects.filter(assignment=claimed()).delete()


def an_answer_withdrawn() -> None:
    Annotation.objects.filter(pk=accepted().pk).update(current=False)


def an_answer_before_its_time() -> None:
    row = accepted()
    Annotation.objects.filter(pk=row.pk).update(assignment=claimed(), item=open_slot().item)


def an_answer_by_another() -> None:
    stranger = factories.member(Project.objects.get())
    Annotation.objects.filter(pk=accepted().pk).update(annotator=stranger)


def an_answer_to_another_item() -> None:
    Annotation.objects.filter(pk=accepted().pk).update(item=open_slot().item)


def a_revision_lost() -> None:
    Annotation.objects.filter(revision=1, current=False).delete()


def an_older_revision_in_force() -> None:
    newest = Annotation.objects.get(revision=2)
    Annotation.objects.filter(pk=newest.pk).update(current=False)
    Annotation.objects.filter(assignment=newest.assignment, revision=1).update(current=True)


def half_an_answer() -> None:
    AnnotationPiece.objects.filter(annotation__revision=1, annotation__current=False)[0].delete()


def an_answer_to_a_foreign_question() -> None:
    foreign = factories.project().questions.first()
    part = AnnotationPiece.objects.filter(annotation__current=False)[0]
    AnnotationPiece.objects.filter(pk=part.pk).update(question=foreign)


def an_answer_to_a_question_of_another_version() -> None:
    part = AnnotationPiece.objects.filter(annotation__current=False)[0]
    project = part.annotation.assignment.project
    later = project.questions.create(key="later", kind="preference", position=9, since=2)
    AnnotationPiece.objects.filter(pk=part.pk).update(question=later)


def a_piece_of_another_kind() -> None:
    part = AnnotationPiece.objects.filter(annotation__current=False)[0]
    AnnotationPiece.objects.filter(pk=part.pk).update(type="text", choice="", text="a")


def an_image_that_is_not_there() -> None:
    part = AnnotationPiece.objects.filter(annotation__current=False)[0]
    AnnotationPiece.objects.filter(pk=part.pk).update(letter="c")


def a_choice_not_on_offer() -> None:
    part = AnnotationPiece.objects.filter(annotation__current=False)[0]
    AnnotationPiece.objects.filter(pk=part.pk).update(choice="left")


def a_word_tied_to_nothing() -> None:
    row = AnnotationPiece.objects.filter(annotation__current=False)[0]
    AnnotationPiece.objects.create(
        annotation=row.annotation,
        question=row.question,
        type="link",
        letter="a",
        ordinal=7,
        choice="gone",
        number=0,
        text="0",
    )


def another_order_answered() -> None:
    row = accepted()
    Annotation.objects.filter(pk=row.pk).update(shown_order=row.shown_order[::-1])


def a_consensus_lost() -> None:
    Consensus.objects.all()[0].delete()


def a_consensus_too_early() -> None:
    slot = open_slot()
    Consensus.objects.create(item=slot.item, project=slot.project, annotations=3)


def a_consensus_of_two() -> None:
    Consensus.objects.filter(pk=Consensus.objects.all()[0].pk).update(annotations=2)


def a_vote_too_many() -> None:
    Finding.objects.filter(pk=Finding.objects.all()[0].pk).update(votes=2)


def a_finding_invented() -> None:
    some = Finding.objects.all()[0]
    Finding.objects.create(
        consensus=some.consensus, question=some.question, key="unsure", votes=0, of=3
    )


def a_hand_picked_sample() -> None:
    other = Item.objects.exclude(pk__in=Review.objects.values("item")).filter(
        batch__in=Review.objects.values("batch")
    )[0]
    drawn = Review.objects.order_by("item_id")[0]
    Verdict.objects.filter(review=drawn).delete()
    Review.objects.filter(pk=drawn.pk).update(item=other)


def a_verdict_elsewhere() -> None:
    one, other = Review.objects.filter(verdicts__isnull=False).distinct()[:2]
    verdict = Verdict.objects.filter(review=one)[0]
    Verdict.objects.filter(pk=verdict.pk).update(review=other)


def a_verdict_on_own_work() -> None:
    verdict = Verdict.objects.all()[0]
    Verdict.objects.filter(pk=verdict.pk).update(reviewer=verdict.annotation.annotator)


def a_rejection_unheeded() -> None:
    verdict = Verdict.objects.all()[0]
    Verdict.objects.filter(pk=verdict.pk).update(value="reject", reason="blurred")


def a_verdict_lost() -> None:
    Verdict.objects.filter(pk=Verdict.objects.all()[0].pk).delete()


def an_answer_forgotten() -> None:
    Assignment.objects.filter(pk=accepted().assignment_id).update(state="submitted")


def a_review_that_waits_for_nothing() -> None:
    Review.objects.filter(pk=Review.objects.all()[0].pk).update(waiting=True)


def a_review_of_another_batch() -> None:
    Review.objects.filter(pk=Review.objects.all()[0].pk).update(
        batch=factories.batch(Project.objects.get())
    )


def a_rejection_by_nobody() -> None:
    Assignment.objects.filter(pk=accepted().assignment_id).update(state="rejected")


def a_return_unheeded() -> None:
    row = accepted()
    made = BatchReturn.objects.create(
        batch=row.item.batch,
        by=row.item.project.created_by,
        to_authors=False,
        reason="blurred",
        at=timezone.now(),
    )
    ReturnedAnswer.objects.create(batch_return=made, annotation=row)


def a_sign_off_too_early() -> None:
    batch = open_slot().item.batch
    Batch.objects.filter(pk=batch.pk).update(
        verdict="signed_off", verdict_at=timezone.now(), verdict_by=batch.project.created_by
    )


def a_job_that_hangs() -> None:
    Batch.objects.filter(pk=Batch.objects.all()[0].pk).update(
        state="running", holder="x", held_until=timezone.now() - timedelta(seconds=91)
    )


def a_job_that_does_not_say_why() -> None:
    factories.batch(Project.objects.get(), state="failed")


def a_letter_skipped() -> None:
    ItemImage.objects.filter(pk=ItemImage.objects.filter(place=1)[0].pk).update(place=2)


def a_key_that_nobody_can_choose() -> None:
    Image.objects.filter(pk=Image.objects.all()[0].pk).update(meta={"step": 1000})


def a_foreign_image() -> None:
    image = ItemImage.objects.all()[0].image
    store(image.path.replace("projects/", "projects/9", 1), b"")
    ItemImage.objects.filter(image=image).update(image=foreign_image())


def foreign_image() -> Image:
    item = factories.items(factories.project(), 1, images=1)[0]
    image = ItemImage.objects.get(item=item).image
    with_files([image])
    return image


def a_foreign_measurement() -> None:
    Measurement.objects.create(
        project=factories.project(),
        image=Image.objects.all()[0],
        metric="sharpness",
        version="1",
        state="done",
        value=1.0,
    )


def a_value(**fields: Any) -> Measurement:
    image = Image.objects.order_by("pk")[0]
    values = {"metric": "contrast", "version": "1", "state": "done", "value": 0.5, **fields}
    return Measurement.objects.create(project=image.project, image=image, **values)


def an_older_value_shown() -> None:
    a_value(current=False)
    a_value(version="0", at=timezone.now() - timedelta(days=1))


def a_value_that_nobody_sees() -> None:
    a_value(current=False)


def a_feature_cut_short() -> None:
    for image, length in zip(Image.objects.order_by("pk")[:2], (8, 7), strict=True):
        Feature.objects.create(
            project=image.project, image=image, network="n", weights="w", vector=b"x" * length
        )


def a_hash_misfiled() -> None:
    value = a_value(metric="phash", value=None, text="00000000000000ff")
    keep_hashes({value.image: "00000000000000fe"}, version="1")


def a_likeness_invented() -> None:
    one, two = Image.objects.order_by("pk")[:2]
    keep_hashes({one: "0" * 16, two: "f" * 16}, version="1")
    Likeness.objects.create(image=one, other=two, distance=1)
    Likeness.objects.create(image=two, other=one, distance=1)


def a_likeness_in_one_direction() -> None:
    one, two = Image.objects.order_by("pk")[:2]
    Likeness.objects.create(image=one, other=two, distance=1)


def a_set(**fields: Any) -> SetMeasurement:
    project = Image.objects.all()[0].project
    return SetMeasurement.objects.create(
        project=project, network="n", metric="is", version="1", state="done", **fields
    )


def a_set_done_without_a_value() -> None:
    a_set()


def a_reward_model_lost() -> None:
    RewardHead.objects.create(
        project=factories.project(), network="net", state="done", report={}, sha256="ab" * 32
    )


def statistics_lost() -> None:
    a_set(value=1.0, statistics="ab" * 32)


def an_image_with_other_bytes() -> None:
    store(Image.objects.all()[0].path, b"other")


def an_image_lost() -> None:
    default_storage.delete(Image.objects.all()[0].path)


def a_thumbnail_lost() -> None:
    default_storage.delete(Image.objects.all()[0].thumbnail_path)


def an_old_file_of_nobody() -> None:
    name = f"projects/{Project.objects.get().pk}/images/ab/{'ab' * 32}.png"
    store(name, b"left over")
    two_hours_ago = timezone.now().timestamp() - 7200
    os.utime(Path(default_storage.path(name)), (two_hours_ago, two_hours_ago))


def an_old_view_of_nobody() -> None:
    name = f"projects/{Project.objects.get().pk}/views-1024/ab/{'ab' * 32}.webp"
    store(name, b"left over")
    two_hours_ago = timezone.now().timestamp() - 7200
    os.utime(Path(default_storage.path(name)), (two_hours_ago, two_hours_ago))


def half_uploaded() -> Batch:
    project = Project.objects.get()
    batch = uploads.begin_upload(
        project=project, user=project.created_by, name="", filename="a.zip", size=10, pairs=""
    )
    for offset in (0, 2, 4):
        uploads.receive(batch, offset=offset, data=b"01")
    return batch


def a_part_lost() -> None:
    UploadPart.objects.filter(batch=half_uploaded(), offset=2).delete()


def a_part_beside_another() -> None:
    UploadPart.objects.filter(batch=half_uploaded(), offset=2).update(offset=3)


def an_export_cut_short() -> None:
    export = Export.objects.create(
        project=Project.objects.get(), format="preferences", state="done", attempts=1
    )
    file = ExportFile.objects.create(
        export=export, name="preferences.jsonl", bytes=8, sha256="0" * 64, crc32=0
    )
    folder_of(export).mkdir(parents=True)
    (folder_of(export) / file.name).write_bytes(b"7 bytes")


def an_item_planned_for_good() -> None:
    batch = Batch.objects.filter(state="done")[0]
    PlannedItem.objects.create(
        batch=batch, position=1, line=1, key="k", prompt="p", images="[]", single=False
    )


def an_imported_judge_beside_the_question() -> None:
    ImportedAnnotation.objects.create(
        item=Item.objects.all()[0], source="pickapic", judge="7",
        answers='{"overall": [["choice", "", 0, "c", null, null, null, ""]]}',
    )  # fmt: skip


def another_draw_of_a_stretch() -> None:
    """One drawn in each of two stretches, but in the first the one that is next."""
    batch = Batch.objects.filter(state="done")[0]
    ids = [str(pk) for pk in Item.objects.filter(batch=batch).values_list("pk", flat=True)]
    first, *others = draw(ids, rate=1.0, secret=batch.project.seed)
    Review.objects.filter(batch=batch).delete()
    Item.objects.filter(pk__in=[first, others[0]]).update(stretch=1)
    Item.objects.filter(pk__in=others[1:]).update(stretch=2)
    for pk in (others[0], others[1]):
        Review.objects.create(item_id=pk, project=batch.project, batch=batch, waiting=False)


def a_project_that_nobody_takes_away() -> None:
    Project.objects.update(state="deleting")


def a_batch_that_nobody_takes_away() -> None:
    Batch.objects.update(state="deleting")


def a_batch_that_is_gone_and_there() -> None:
    batch = Batch.objects.all()[0]
    Removal.objects.create(project_id=batch.project_id, batch_id=batch.pk, name="", state="done")


def an_item_more_than_was_noted() -> None:
    batch = Batch.objects.filter(state="done")[0]
    Batch.objects.filter(pk=batch.pk).update(image_count=0, item_count=1000)


def known_answer() -> GoldItem:
    item = Consensus.objects.order_by("pk")[0].item
    return make_gold(item.project.created_by, item.pk, now=timezone.now())


def answer_to_gold() -> GoldAnswer:
    """Somebody new is given nothing but gold, and answers it rightly."""
    project = known_answer().project
    # It comes only while there is other work ahead.
    factories.open_items(project, 1)
    settings = RuleSettings(1.0, 0.0, 0, 0.9, 0.7, 0.05, 0.05, Consequence.NOTHING)
    set_gold_rule(project.created_by, project, settings, timezone.now())
    project.refresh_from_db()
    person = Annotator(factories.member(project), project)
    person.claim().submit(mps_answers("a"))
    return GoldAnswer.objects.get()


def a_copy_that_is_reviewed() -> None:
    copy = known_answer().item
    Review.objects.create(item=copy, project=copy.project, batch=copy.batch)


def a_gold_item_of_which_nothing_is_known() -> None:
    known_answer().truths.all().delete()


def a_known_answer_of_a_manifest_that_is_no_gold() -> None:
    known = known_answer()
    # Now its own source, as a manifest's is.
    Item.with_copies.filter(pk=known.item_id).update(source=known.item_id)
    known.delete()


def an_answer_to_gold_that_nobody_noted() -> None:
    answer_to_gold().delete()


def a_right_answer_called_a_miss() -> None:
    GoldAnswer.objects.filter(pk=answer_to_gold().pk).update(passed=False)


def a_stop_by_somebody_elses_answer() -> None:
    answer = answer_to_gold()
    GoldStop.objects.create(
        answer=answer,
        project=answer.project,
        annotator=answer.project.created_by,
        consequence=Consequence.WARN,
        at=timezone.now(),
    )


def a_webhook_that_is_asked_for_in_vain() -> None:
    Project.objects.update(follows_items=True)


def a_second_look_at_own_work() -> None:
    verdict = Verdict.objects.order_by("pk")[0]
    SecondReview.objects.create(
        annotation=verdict.annotation,
        review=verdict.review,
        project=verdict.review.project,
        drawn_up_to=verdict.pk,
        first_reviewer=verdict.reviewer,
        first_value=AcceptOrReject.ACCEPT,
        reviewer=verdict.annotation.annotator,
        value=AcceptOrReject.ACCEPT,
        at=timezone.now(),
    )


PLANTED: list[tuple[str, Callable[[], None]]] = [
    ("copies-apart", a_copy_that_is_reviewed),
    ("imported-fit", an_imported_judge_beside_the_question),
    ("gold-known", a_gold_item_of_which_nothing_is_known),
    ("gold-made", a_known_answer_of_a_manifest_that_is_no_gold),
    ("gold-noted", an_answer_to_gold_that_nobody_noted),
    ("gold-judged", a_right_answer_called_a_miss),
    ("gold-stops", a_stop_by_somebody_elses_answer),
    ("second-apart", a_second_look_at_own_work),
    ("batches-counted", an_item_more_than_was_noted),
    ("jobs-end", a_job_that_hangs),
    ("jobs-explain", a_job_that_does_not_say_why),
    ("deletions-end", a_project_that_nobody_takes_away),
    ("deletions-end", a_batch_that_nobody_takes_away),
    ("deletions-end", a_batch_that_is_gone_and_there),
    ("uploads-whole", a_part_lost),
    ("uploads-whole", a_part_beside_another),
    ("planned-taken", an_item_planned_for_good),
    ("images-lettered", a_letter_skipped),
    ("images-home", a_foreign_image),
    ("meta-listed", a_key_that_nobody_can_choose),
    ("numbers-home", a_foreign_measurement),
    ("numbers-newest", an_older_value_shown),
    ("numbers-shown", a_value_that_nobody_sees),
    ("features-whole", a_feature_cut_short),
    ("hashes-found", a_hash_misfiled),
    ("likeness-true", a_likeness_invented),
    ("likeness-true", a_likeness_in_one_direction),
    ("sets-measured", a_set_done_without_a_value),
    ("statistics-there", statistics_lost),
    ("reward-models-there", a_reward_model_lost),
    ("images-there", an_image_with_other_bytes),
    ("images-there", an_image_lost),
    ("images-there", a_thumbnail_lost),
    ("images-named", an_old_file_of_nobody),
    ("images-named", an_old_view_of_nobody),
    ("exports-there", an_export_cut_short),
    ("slots-at-most", a_slot_too_many),
    ("slots-all", a_slot_too_few),
    ("extra-apart", an_extra_vote_in_an_own_place),
    ("excluded-rests", an_open_slot_of_an_excluded_item),
    ("webhooks-followed", a_webhook_that_is_asked_for_in_vain),
    ("excluded-rests", a_withdrawn_slot_of_an_item_at_work),
    ("claims-bounded", too_many_held),
    ("leases-end", a_dead_lease),
    ("paused-hold-nothing", somebody_paused_who_holds_an_item),
    ("reviewers-apart", a_reviewer_with_a_slot),
    ("slot-project", a_slot_elsewhere),
    ("order-stored", an_order_with_one_image_twice),
    ("order-stored", an_order_too_short),
    ("sides-balanced", one_side_for_all),
    ("trail-unbroken", a_step_out_of_nowhere),
    ("trail-complete", a_step_without_a_trace),
    ("answer-once", an_answer_withdrawn),
    ("answer-once", an_answer_before_its_time),
    ("answer-own", an_answer_by_another),
    ("answer-item", an_answer_to_another_item),
    ("answers-kept", a_revision_lost),
    ("newest-counts", an_older_revision_in_force),
    ("answers-whole", half_an_answer),
    ("answers-asked", an_answer_to_a_foreign_question),
    ("answers-of-version", an_answer_to_a_question_of_another_version),
    ("answers-typed", a_piece_of_another_kind),
    ("answers-placed", an_image_that_is_not_there),
    ("answers-offered", a_choice_not_on_offer),
    ("words-tied", a_word_tied_to_nothing),
    ("order-answered", another_order_answered),
    ("settled-full", a_consensus_lost),
    ("settled-full", a_consensus_too_early),
    ("settled-all", a_consensus_of_two),
    ("disagreement-true", a_disagreement_made_up),
    ("override-named", an_override_that_the_consensus_hides),
    ("consensus-true", a_vote_too_many),
    ("consensus-true", a_finding_invented),
    ("draw-honest", a_hand_picked_sample),
    ("draw-honest", another_draw_of_a_stretch),
    ("verdict-place", a_verdict_elsewhere),
    ("verdict-apart", a_verdict_on_own_work),
    ("rejected-out", a_rejection_unheeded),
    ("sampled-seen", a_verdict_lost),
    ("accepted-once", an_answer_forgotten),
    ("review-waits", a_review_that_waits_for_nothing),
    ("rejected-why", a_rejection_by_nobody),
    ("returned-out", a_return_unheeded),
    ("signed-whole", a_sign_off_too_early),
    ("review-place", a_review_of_another_batch),
]


@pytest.mark.parametrize(("name", "plant"), PLANTED, ids=lambda it: getattr(it, "__name__", it))
def test_a_broken_promise_is_found(judged: Project, name: str, plant: Callable[[], None]) -> None:
    (promise,) = (one for one in INVARIANTS if one.name == name)

    plant()

    outcome = check(promise, Scope(timezone.now()))
    assert outcome.violations > 0
    assert outcome.examples


# Kept by the database; verify looks all the same, in case a constraint is ever dropped.
BY_THE_DATABASE = {"person-once"}


def test_every_promise_has_been_seen_broken() -> None:
    assert {name for name, _ in PLANTED} | BY_THE_DATABASE == {one.name for one in INVARIANTS}


def test_the_database_refuses_an_item_twice_for_one_person(judged: Project) -> None:
    row = Assignment.objects.filter(state="accepted").order_by("slot")[0]

    with pytest.raises(IntegrityError), transaction.atomic():
        Assignment.objects.filter(item=row.item).exclude(pk=row.pk).update(annotator=row.annotator)

    assert broken() == set()
