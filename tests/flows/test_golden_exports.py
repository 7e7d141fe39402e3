"""Every export format writes the very bytes that it wrote before.

The bytes are in golden_exports.json (template → export → file → size and SHA-256), and small texts,
those of each format without options, also whole in golden/. Where a change of the bytes is meant,
`TRIPTYCH_GOLDEN=write` makes both anew; git then shows what a reader of exports will see change.
"""

import difflib
import hashlib
import json
import os
import re
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from tests.drivers import signed_in
from tests.flows.golden_project import NUMBERS, plant

HERE = Path(__file__).parent
GOLDEN, TEXTS = HERE / "golden_exports.json", HERE / "golden"
TEXT_SUFFIXES = {".json", ".jsonl", ".csv", ".md", ".py", ".yaml", ".txt"}
MOST_OF_A_TEXT = 20_000
DIFF_LINES = 40

# Format → the options of each export of it; the first is with what it has by itself.
VARIANTS: Mapping[str, tuple[str, ...]] = {
    "annotations": ("", "images=true"),
    "preferences": (
        "",
        "aggregation=mean partial=true min_margin=0.4 images=false",
        "aggregation=dawid_skene encoding=jpeg95",
    ),
    "pickapic": (
        "",
        "rows=winner aggregation=mean images=false split=40/30/30 partial=true",
        "rows=shares split=40/30/30 shard_items=3 encoding=webp",
    ),
    "diffusion-dpo": (
        "",
        "unequal_sizes=keep split=40/30/30 aggregation=mean partial=true",
        "unequal_sizes=leave_out aggregation=dawid_skene encoding=jpeg95",
    ),
    "imagereward": ("", "aggregation=mean split=40/30/30 seed=5 images=false partial=true"),
    "imagerewarddb": ("", "split=40/30/30 configuration=2k partial=true"),
    "hpdv2": (
        "",
        "split=30/30/40 aggregation=mean partial=true",
        "split=30/30/40 aggregation=dawid_skene images=false",
    ),
    "hpdv3": (
        "",
        "split=40/30/30 aggregation=mean partial=true",
        "aggregation=dawid_skene images=false",
    ),
    "mps": ("", "split=30/30/40 aggregation=mean partial=true images=false"),
    "trl": (
        "",
        "split=40/30/30 aggregation=mean partial=true images=false shard_items=3",
        "aggregation=dawid_skene encoding=jpeg95",
    ),
    "swift": ("", "split=40/30/30 aggregation=mean partial=true images=false"),
    "llamafactory": ("", "split=40/30/30 aggregation=mean partial=true images=false"),
    "unifiedreward": ("", "split=40/30/30 style=none partial=true images=false"),
    "editreward": ("", "split=40/30/30 partial=true images=false"),
    "mmrb2": ("",),
    "hpdv3pp": ("", "split=40/30/30 aggregation=mean partial=true images=false"),
    "lora-pairs": (
        "",
        "layout=two_folders split=40/30/30 unequal_sizes=keep partial=true",
        "layout=rejected_label encoding=jpeg95",
    ),
    "prompts": ("", "order=disputed split=40/30/30 partial=true shard_items=2"),
    "heatmaps": (
        "",
        "kind=disk size=64 partial=true images=true encoding=jpeg95",
        "size=32 arrays=float16",
        "size=32 arrays=no_arrays",
    ),
    "richhf": ("", "kind=gaussian size=64 split=40/30/30 partial=true encoding=webp"),
    "masks": ("", "kind=disk size=64 threshold=0.5 margin_px=2 empty=true partial=true"),
    "coco": ("",),
    "evalmuse": ("", "partial=true images=false"),
    "dsg": ("", "partial=true images=true encoding=jpeg95"),
    "dsdl": ("", "split=40/30/30 partial=true encoding=jpeg95"),
    "scores": ("", "split=40/30/30 partial=true images=true encoding=webp shard_items=2"),
    "hf-dataset": ("", "split=40/30/30 partial=true images=false", "encoding=webp shard_items=2"),
    "webdataset": ("", "split=40/30/30 partial=true encoding=webp shard_items=2"),
}
# What single templates have besides: rankings as each person's, one dimension, one batch … A
# template that is not here has each format's first options alone.
MORE: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "entitydraw": {},
    "mps": {
        "preferences": (f"dimension=aesthetics batches={NUMBERS['mps'] + 1} partial=true",),
        "mps": ("dimension=overall aggregation=dawid_skene split=0/0/100 encoding=webp",),
        "pickapic": ("dimension=aesthetics split=0/50/50",),
    },
    "imagereward": {
        "preferences": ("rankings=each_person",),
        "hpdv2": ("rankings=each_person split=30/30/40 images=false",),
        "diffusion-dpo": ("rankings=each_person",),
    },
    "richhf": {
        "heatmaps": ("sigma=half_height size=32", "sigma=px sigma_px=3.5 size=32"),
        "masks": ("flaw=misalignment size=128",),
        "dsdl": ("kind=gaussian size=64",),
    },
}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("template", sorted(NUMBERS))
def test_the_exports_of_a_project_have_the_bytes_that_they_had(
    template: str, tmp_path: Path
) -> None:
    project, owner = plant(template, tmp_path)
    listed = signed_in(owner).get(f"/api/v1/projects/{project.pk}/export-formats").json()
    assert {one["name"] for one in listed} == set(VARIANTS)

    found = {}
    for one in listed:
        name = one["name"]
        if one["reason"] is not None:
            with pytest.raises(CommandError):
                _export(project.pk, name, "", tmp_path / "refused")
            continue
        for options in _variants(template, name):
            variant = f"{name} {options}".strip()
            out = tmp_path / variant.replace("/", "-")
            _export(project.pk, name, options, out)
            found[variant] = dict(_normalised(out))

    if os.environ.get("TRIPTYCH_GOLDEN") == "write":
        _write(template, found)
    report = _differences(template, found)
    if report:
        report.append(f"The exports lie in {tmp_path}.")
        pytest.fail("\n".join(report), pytrace=False)


def _variants(template: str, name: str) -> tuple[str, ...]:
    chosen = VARIANTS[name]
    return (chosen if template in MORE else chosen[:1]) + MORE.get(template, {}).get(name, ())


def _export(project: int, name: str, options: str, out: Path) -> None:
    chosen = options.split()
    call_command("export", str(project), format=name, out=out, option=chosen, verbosity=0)


def _normalised(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Every file with the bytes that are compared.

    Of a README.md these are the card before its prose, if it has one (between lines of three
    dashes). A manifest's list of files has to be what is there, size and SHA-256; then only their
    names stay in it, in their order, so that a README's size is not told. All else is as it is:
    nothing in an export depends on when it was made, `created_at` is the newest change in the data.
    """
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        name, data = path.relative_to(folder).as_posix(), path.read_bytes()
        if name == "README.md":
            head = re.match(rb"---\n.*?\n---\n", data, re.DOTALL)
            data = head.group() if head else b""
        if name == "manifest.json":
            data = _manifest(folder, data)
        yield name, data


def _manifest(folder: Path, data: bytes) -> bytes:
    listed = json.loads(data)["files"]
    for one in listed:
        file = (folder / one["name"]).read_bytes()
        assert (one["bytes"], one["sha256"]) == (len(file), hashlib.sha256(file).hexdigest())
    lines = re.compile(
        rb'^  \{"name": (".*"), "bytes": \d+, "sha256": "[0-9a-f]{64}"\}', re.MULTILINE
    )
    short, count = lines.subn(rb"  \1", data)
    assert count == len(listed)
    return short


def _differences(template: str, found: Mapping[str, Mapping[str, bytes]]) -> list[str]:
    """What is not as it was, in words, with a diff of texts that are kept whole."""
    golden: dict[str, dict[str, str]] = json.loads(GOLDEN.read_text()).get(template, {})
    report = [f"gone: {variant}" for variant in golden if variant not in found]
    for variant, files in found.items():
        was = golden.get(variant, {})
        report += [f"gone: {variant}: {name}" for name in was if name not in files]
        for name, data in files.items():
            if name not in was:
                report.append(f"new: {variant}: {name}")
            elif was[name] != _record(data):
                report += [f"other bytes: {variant}: {name}", *_diff(template, variant, name, data)]
    return report


def _record(data: bytes) -> str:
    return f"{len(data)} {hashlib.sha256(data).hexdigest()}"


def _text_path(template: str, variant: str, name: str) -> Path:
    # Under another name, so that nothing takes it for a module of ours.
    kept = name.removesuffix(".py") + ".py.txt" if name.endswith(".py") else name
    return TEXTS / template / variant / kept


def _diff(template: str, variant: str, name: str, data: bytes) -> list[str]:
    kept = _text_path(template, variant, name)
    if not kept.exists():
        return []
    was, now = (_broken(text) for text in (kept.read_text(), data.decode()))
    lines = list(difflib.unified_diff(was, now, "golden", "now", lineterm=""))
    more = len(lines) - DIFF_LINES
    return [*lines[:DIFF_LINES], *([f"… {more} more lines"] if more > 0 else [])]


def _broken(text: str) -> list[str]:
    """The text's lines, those of JSON broken before each key: a row is longer than a screen."""
    return re.sub(r',(?="\w+":)', ",\n", text).splitlines()


def _write(template: str, found: Mapping[str, Mapping[str, bytes]]) -> None:
    whole: dict[str, Any] = json.loads(GOLDEN.read_text()) if GOLDEN.exists() else {}
    whole[template] = {
        variant: {name: _record(data) for name, data in files.items()}
        for variant, files in found.items()
    }
    GOLDEN.write_text(json.dumps(whole, indent=1, sort_keys=True) + "\n")
    shutil.rmtree(TEXTS / template, ignore_errors=True)
    for variant, files in found.items():
        if variant not in VARIANTS:
            continue  # It has options.
        for name, data in files.items():
            path = _text_path(template, variant, name)
            if path.suffix in TEXT_SUFFIXES and 0 < len(data) < MOST_OF_A_TEXT:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(data)
