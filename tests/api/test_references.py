"""Uploading statistics that are broken, by chance or on purpose: refused in words, nothing kept."""

import io
import struct
import zipfile
from typing import Any

import numpy as np
import pytest
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile

from annotator.measurements.models import Reference
from annotator.measurements.references import MOST_UNPACKED, networks
from annotator.projects.models import Project
from tests.drivers import signed_in

pytestmark = pytest.mark.django_db

MU, SIGMA = np.zeros(4), np.eye(4)


def npz(**arrays: Any) -> bytes:
    stream = io.BytesIO()
    np.savez_compressed(stream, **{"mu": MU, "sigma": SIGMA, **arrays})
    return stream.getvalue()


def upload(project: Project, data: bytes, **fields: object) -> Any:
    return signed_in(project.created_by).post(
        f"/api/v1/projects/{project.pk}/references",
        {
            "name": "cats",
            "network": next(iter(networks())),
            "file": SimpleUploadedFile("cats.npz", data),
            **fields,
        },
        format="multipart",
    )


def nothing_is_kept(project: Project) -> bool:
    storage = storages["default"]
    folder = f"projects/{project.pk}/statistics"
    return not Reference.objects.exists() and not storage.exists(folder)


def flagged(data: bytes, *, flags: int, packing: int) -> bytes:
    """Every entry with these flags (1: encrypted), packed in this way (8: deflated)."""
    for version in (20, 45):
        whole = struct.pack("<HHH", version, 0, 8)
        data = data.replace(whole, struct.pack("<HHH", version, flags, packing))
    return data


def with_entry(name: str, content: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr(name, content)
    return stream.getvalue()


def header(shape: str) -> bytes:
    """An .npy of 64-bit floats that claims this shape and holds nothing."""
    text = f"{{'descr': '<f8', 'fortran_order': False, 'shape': {shape}, }}".ljust(117) + "\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text.encode()


@pytest.mark.parametrize(
    ("data", "code"),
    [
        # A zip that is cut, or none.
        (npz()[: len(npz()) // 2], "statistics_not_npz"),
        (npz()[:-1], "statistics_not_npz"),
        (b"PK\x05\x06" + bytes(18), "statistics_incomplete"),
        (npz().replace(b"mu.npy", b"\xff\xfe.npy"), "statistics_incomplete"),
        (flagged(npz(), flags=0, packing=99), "statistics_entry_unreadable"),
        (flagged(npz(), flags=1, packing=8), "statistics_entry_unreadable"),
        # Pickled objects.
        (npz(mu=np.array([{}, 1], dtype=object)), "statistics_entry_unreadable"),
        (npz(sigma=np.array(None, dtype=object)), "statistics_entry_unreadable"),
        (npz(n=np.array(None, dtype=object)), "statistics_entry_unreadable"),
        (npz(resize=np.array(None, dtype=object)), "statistics_entry_unreadable"),
        # Shapes and types.
        (with_entry("mu", b"x"), "statistics_incomplete"),
        (npz(mu=np.zeros((2, 2))), "statistics_mu_shape"),
        (npz(mu=np.zeros(0)), "statistics_mu_shape"),
        (npz(mu=np.array(1.0)), "statistics_mu_shape"),
        (npz(sigma=np.eye(3)), "statistics_sigma_shape"),
        (npz(sigma=np.zeros((4, 4, 1))), "statistics_sigma_shape"),
        (npz(mu=np.zeros(4, int)), "statistics_entry_not_floating"),
        (npz(mu=np.zeros(4, complex)), "statistics_entry_not_floating"),
        (npz(mu=np.zeros(4, [("a", float)])), "statistics_entry_not_floating"),
        (npz(sigma=np.full((4, 4), "x")), "statistics_entry_not_floating"),
        (npz(resize=np.array(1)), "statistics_entry_no_text"),
        (npz(extractor=np.array("\ud800")), "statistics_entry_no_text"),
        # Numbers.
        (npz(mu=MU + np.nan), "statistics_not_finite"),
        (npz(sigma=SIGMA + np.inf), "statistics_not_finite"),
        (npz(mu=np.full(4, np.longdouble("1e4000"))), "statistics_not_finite"),
        (npz(sigma=-SIGMA), "statistics_negative_variance"),
        *((npz(n=np.array(n)), "statistics_n_no_count") for n in (-1, 0, 1, 2**62, 1.5, np.inf)),
        (npz(n=np.array(2**63, np.uint64)), "statistics_n_no_count"),
    ],
)
def test_broken_statistics_are_refused_in_words(project: Project, data: bytes, code: str) -> None:
    answer = upload(project, data)

    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert nothing_is_kept(project)


@pytest.mark.parametrize("shape", ["(-1,)", "(1.5,)", "(10**30,)", "(99999999999999,)", "4"])
def test_a_header_that_lies_of_its_shape_is_refused(project: Project, shape: str) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("mu.npy", header(shape))
        archive.writestr("sigma.npy", header("(1, 1)"))

    answer = upload(project, stream.getvalue())

    assert (answer.status_code, answer.json()["code"]) == (400, "statistics_entry_unreadable")
    assert nothing_is_kept(project)


def test_a_zip_whose_directory_starts_before_the_file_is_refused(project: Project) -> None:
    end = npz().rindex(b"PK\x05\x06")
    data = npz()[:end] + npz()[end : end + 12] + b"\xff\xff\xff\x7f" * 2 + b"\0\0"

    answer = upload(project, data)

    assert (answer.status_code, answer.json()["code"]) == (400, "statistics_not_npz")
    assert nothing_is_kept(project)


def test_a_zip_that_says_it_unpacks_too_far_is_refused_unread(project: Project) -> None:
    data = npz(more=np.zeros(MOST_UNPACKED // 8))

    answer = upload(project, data)

    assert len(data) < 2**20
    assert (answer.status_code, answer.json()["code"]) == (413, "statistics_unpacked_too_large")
    assert nothing_is_kept(project)


@pytest.mark.parametrize("n", [1, -(2**62), 2**62, 2**70])
def test_a_number_of_images_that_is_none_is_refused(project: Project, n: int) -> None:
    answer = upload(project, npz(), n=n)

    assert answer.status_code == 400
    assert answer.json()["fields"]["n"]["code"] in {"number_too_small", "number_too_large"}
    assert nothing_is_kept(project)


def test_good_statistics_are_kept(project: Project) -> None:
    answer = upload(project, npz(n=np.array(50_000)))

    assert (answer.status_code, answer.json()["n"]) == (201, 50_000)
    assert not nothing_is_kept(project)
