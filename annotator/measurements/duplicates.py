"""Which images nearly look the same: a few differing bits of their perceptual hashes.

Found by index when a hash is stored, not by comparing all with all: two 64-bit hashes that differ
in at most 8 bits have, of their thirds (21, 21 and 22 bits), one in which they differ in at most 2.
Looking up the 232 or 254 neighbours of each third touches about 3 in 10,000 of the hashes of a
project, and finds every pair. (Exact fourths would miss pairs; fifths with one flip are fewer
look-ups but touch a hundredth of the project.)
"""

import uuid
from collections.abc import Collection, Mapping, Sequence
from functools import cache
from itertools import combinations

from django.db.models import F, Q, Window
from django.db.models.functions import RowNumber

from annotator.items.models import Image
from annotator.measurements.models import Fingerprint, Likeness

NEAR = 8
"""Differing bits, of 64, up to which two images count as nearly the same."""
KEPT = 32
"""Likenesses noted of an image when it comes, the nearest: a thousand copies are not a million."""
SHIFTS = {"high": (43, 21), "middle": (22, 21), "low": (0, 22)}
FLIPS = NEAR // len(SHIFTS)


def keep_hashes(hashes: Mapping[Image, str], *, version: str) -> None:
    """Notes hashes, each 16 hexadecimal digits, replacing what was known of these images."""
    Likeness.objects.filter(image__in=hashes).delete()
    Likeness.objects.filter(other__in=hashes).delete()
    Fingerprint.objects.bulk_create(
        (
            Fingerprint(
                image=image, project_id=image.project_id, version=version, **thirds(int(text, 16))
            )
            for image, text in hashes.items()
        ),
        update_conflicts=True,
        unique_fields=["image"],
        update_fields=["version", *SHIFTS],
    )


def note_likenesses(images: Collection[Image]) -> None:
    """Finds what looks like each of these images; call it after their hashes are committed.

    So of two that are stored at the same time at least one sees the other (2 queries an image).
    """
    for own in Fingerprint.objects.filter(image__in=images).order_by("image_id"):
        word = bits(own)
        near = sorted(
            (distance, other.image_id)
            for other in _candidates(own)
            if (distance := (bits(other) ^ word).bit_count()) <= NEAR
        )
        Likeness.objects.bulk_create(
            (
                Likeness(image_id=one, other_id=two, distance=distance)
                for distance, pk in near[:KEPT]
                for one, two in ((own.image_id, pk), (pk, own.image_id))
            ),
            ignore_conflicts=True,
        )


def _candidates(own: Fingerprint) -> Sequence[Fingerprint]:
    alike = Q()
    for third, (_, width) in SHIFTS.items():
        value = getattr(own, third)
        alike |= Q(**{f"{third}__in": [value ^ mask for mask in _masks(width)]})
    rows = Fingerprint.objects.filter(alike, project_id=own.project_id, version=own.version)
    return list(rows.exclude(pk=own.pk))


@cache
def _masks(width: int) -> tuple[int, ...]:
    """Every pattern of at most FLIPS bits in so many: 0 itself, 1 bit, 2 bits."""
    return tuple(
        sum(1 << place for place in places)
        for count in range(FLIPS + 1)
        for places in combinations(range(width), count)
    )


def thirds(word: int) -> dict[str, int]:
    """A 64-bit hash as the columns of a fingerprint."""
    return {name: word >> shift & (1 << width) - 1 for name, (shift, width) in SHIFTS.items()}


def bits(fingerprint: Fingerprint) -> int:
    """The 64-bit hash of a fingerprint."""
    return sum(getattr(fingerprint, name) << shift for name, (shift, _) in SHIFTS.items())


def near_duplicates(images: Sequence[Image], *, most: int = 10) -> dict[uuid.UUID, list[uuid.UUID]]:
    """For images that have any: up to `most` that nearly look alike, nearest first (1 query)."""
    place = Window(
        RowNumber(),
        partition_by=F("image"),
        order_by=[F("distance").asc(), F("other_id").asc()],
    )
    rows = Likeness.objects.filter(image__in=images).annotate(nth=place).filter(nth__lte=most)
    found: dict[uuid.UUID, list[uuid.UUID]] = {}
    for image_id, other_id in rows.order_by("image_id", "nth").values_list("image_id", "other_id"):
        found.setdefault(image_id, []).append(other_id)
    return found
