"""All published layouts that are read, in the order in which they are asked. One more is one file.

A narrow layout stands before one that would take its files, too.
"""

from collections.abc import Mapping

import pyarrow as pa

from annotator.ingest.datasets.argilla import ARGILLA
from annotator.ingest.datasets.columns import is_image, is_images, schema_of
from annotator.ingest.datasets.evalmuse import EVALMUSE
from annotator.ingest.datasets.hpd import HPDV2, HPDV3
from annotator.ingest.datasets.imagefolder import IMAGEFOLDER
from annotator.ingest.datasets.imagerewarddb import IMAGEREWARDDB
from annotator.ingest.datasets.judgebench import EDITREWARD, MMRB2
from annotator.ingest.datasets.labelstudio import LABEL_STUDIO
from annotator.ingest.datasets.layout import Dataset, PublishedLayout, UploadedFiles
from annotator.ingest.datasets.own import OWN_ANNOTATIONS, OWN_HF_DATASET, OWN_PREFERENCES
from annotator.ingest.datasets.pickapic import PICKAPIC
from annotator.ingest.datasets.richhf import RICHHF
from annotator.ingest.datasets.webdataset import WEBDATASET

LAYOUTS: Mapping[str, PublishedLayout] = {
    layout.name: layout
    for layout in (
        OWN_ANNOTATIONS,
        OWN_PREFERENCES,
        OWN_HF_DATASET,
        IMAGEREWARDDB,
        RICHHF,
        LABEL_STUDIO,
        EVALMUSE,
        MMRB2,
        EDITREWARD,
        HPDV2,
        HPDV3,
        PICKAPIC,
        ARGILLA,
        WEBDATASET,
        IMAGEFOLDER,
    )
}


def recognised(files: UploadedFiles, manifest: str) -> tuple[PublishedLayout, Dataset] | None:
    """Which layout an upload is of, by its files' own shape; None for a manifest of ours."""
    if manifest and not _has_images_inside(files, manifest):
        return None
    for layout in LAYOUTS.values():
        if (dataset := layout.recognise(files)) is not None:
            return layout, dataset
    return None


def _has_images_inside(files: UploadedFiles, manifest: str) -> bool:
    """Whether it only is called as a manifest: a table that holds the images themselves."""
    if not manifest.lower().endswith(".parquet"):
        return False
    schema = schema_of(files, manifest)
    named = pa.types.is_string(schema.get("file", pa.null())) or _lists_files(schema.get("images"))
    return bool(schema) and not named


def _lists_files(kind: pa.DataType | None) -> bool:
    if kind is None or is_images(kind) or is_image(kind) or not pa.types.is_list(kind):
        return False
    inner = kind.value_type
    return pa.types.is_struct(inner) and "file" in {field.name for field in inner}
