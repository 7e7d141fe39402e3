"""`dsdl`: a folder in DSDL 0.5.3 that the `dsdl` package parses strictly.

The template cv_generation of opendatalab knows images with a domain: that view is the set
`<split>-plain`, with generators as domains. What people said is in the set beside it, in the one
of five shapes that the project's questions choose. What nobody answered is absent, never null.
Source: opendatalab/dsdl-docs, cv_generation template; package 0.1.10.11, in strict mode.
"""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from annotator.exports.dsdl.binary import BINARY
from annotator.exports.dsdl.language import (
    CONFIG,
    DOMAINS,
    STRUCTS,
    Struct,
    domains_yaml,
    set_yaml,
    structs_yaml,
)
from annotator.exports.dsdl.pairs import PAIRS
from annotator.exports.dsdl.pieces import PIECES
from annotator.exports.dsdl.rankings import RANKINGS
from annotator.exports.dsdl.rich import RICH
from annotator.exports.dsdl.samples import GENERATED, Job, Names, Sample, Shape, names_of
from annotator.exports.facts import Facts
from annotator.exports.formats.common import Common
from annotator.exports.formats.options import Option, Options
from annotator.exports.formats.types import About, Format, Questions, Summary
from annotator.exports.maps import drawing, drawing_options
from annotator.exports.rows import ItemRow
from annotator.exports.shard import Shard

SETS = {"train": "train", "valid": "val", "test": "test"}
PLAIN = "plain"
SHAPES = (PAIRS, RANKINGS, RICH, BINARY, PIECES)
IN_DOMAIN = {"image": "Image", "domain": "Label[dom=$cdom]"}
PLAIN_STRUCTS = (
    Struct("UnpairedSample", ("cdom",), IN_DOMAIN),
    Struct("ImageMedia", ("cdom",), IN_DOMAIN),
    Struct(
        "PairedSample",
        ("cdom",),
        {"image_a": "ImageMedia[cdom=$cdom]", "image_b": "ImageMedia[cdom=$cdom]"},
    ),
)


def why_not(questions: Questions) -> str | None:
    """It fits every project that asks anything."""
    return None if questions else "This project asks no questions."


def options(questions: Questions) -> tuple[Option, ...]:
    """Shape and size of RichHF's maps, where there are any."""
    return drawing_options("disk") if shape_of(questions) is RICH else ()


def shape_of(questions: Questions) -> Shape:
    """The first shape that fits; the last one fits all."""
    return next(shape for shape in SHAPES if shape.fits(questions))


def write(shard: Shard, options: Options) -> Summary:
    """What people said of an item into one set, its images into the plain one beside it.

    An item that nobody answered is in neither, and counted.
    """
    job = Job(shard, options, names_of(shard.facts))
    shape = shape_of(shard.questions)
    sets: dict[str, Counter[str]] = {}
    left_out: Counter[str] = Counter(unanswered=0)
    rows = items = 0
    for item in shard.items:
        samples = list(shape.samples(job, item))
        if not samples:
            left_out["unanswered"] += 1
            continue
        split = SETS[shard.split_of(item.prompt)]
        plain = _plain(job, item)
        for name, some in ((split, samples), (f"{split}-{PLAIN}", plain)):
            out = shard.list(f"set-{split}/{name}_samples.json", under="samples")
            for sample in some:
                out.write_row(sample)
        count = sets.setdefault(split, Counter())
        count[split] += len(samples)
        count[f"{split}-{PLAIN}"] += len(plain)
        rows += len(samples)
        items += 1
    return Summary(rows=rows, items=items, left_out=left_out, counts={"sets": sets})


def about(options: Options, facts: Facts, total: Summary) -> About:
    """Definitions, and a YAML for each set that has samples."""
    names, shape = names_of(facts), shape_of(facts.questions)
    judged = (GENERATED, *shape.structs(names))
    structs = (*PLAIN_STRUCTS, *judged)
    domains = {
        names.domains[param].name: names.domains[param] for s in structs for param in s.params
    }
    plain = PLAIN_STRUCTS[-1 if _paired(facts.questions) else 0]
    files = {
        f"defs/{STRUCTS}.yaml": structs_yaml(structs),
        f"defs/{DOMAINS}.yaml": domains_yaml(list(domains.values())),
        "config.py": CONFIG,
    }
    for split, counted in total.counts["sets"].items():
        for name in counted:
            struct = plain if name.endswith(PLAIN) else judged[-1]
            files[f"set-{split}/{name}.yaml"] = set_yaml(
                dataset=facts.name,
                subset=name,
                sample_type=_with_domains(struct, names),
                samples=f"{name}_samples.json",
            )
    return About(
        aggregation={"people": shape.rule, **_maps(options, shape)},
        schema={
            "set-{train,val,test}/{split}_samples.json": {
                "samples": f"{shape.sample}, as defs/{STRUCTS}.yaml defines it",
                "sample_uid": "the item's id",
                "images": "in the order of their letters; shape is width, height in pixels",
                "point": "pixels from the top left corner of the image, x then y",
                "annotator": "pseudonym",
                **shape.fields,
            },
            "set-{train,val,test}/{split}-plain_samples.json": {
                "samples": f"{plain.name} of the published template; domain is the generator",
            },
            "names": {
                "is": "what stands in the project → what stands in the files, which allow letters, "
                "digits and underscores alone",
                **{domain.name: domain.classes for domain in domains.values()},
                "fields": {**names.rating_fields, **names.flag_fields},
            },
        },
        readme=[
            "A dataset in DSDL 0.5.3. From this folder, for each set that is there:",
            "",
            "    dsdl check -y set-train/train.yaml -c config.py -l local -f image label \\",
            "        -p defs -o .",
            "",
            "That command ends with 0 even where samples fail: read its report. Paths of images",
            "are relative to this folder (config.py). All samples of a set are read at once.",
        ],
        files=files,
    )


def _paired(questions: Questions) -> bool:
    return any(question.kind == "preference" for question in questions)


def _plain(job: Job, item: ItemRow) -> Sequence[Sample]:
    images = [
        {"image": job.shard.image(p), "domain": job.names.generators[p.generator]}
        for p in item.images
    ]
    if not _paired(job.shard.questions):
        return images
    return [{"image_a": images[0], "image_b": images[1]}]


def _with_domains(struct: Struct, names: Names) -> str:
    given = ", ".join(f"{param}={names.domains[param].name}" for param in struct.params)
    return f"{struct.name}[{given}]"


def _maps(options: Options, shape: Shape) -> dict[str, Any]:
    return {"maps": drawing(options).describe()} if shape is RICH else {}


def bytes_an_image(options: Options, questions: Questions) -> int:
    """Two maps of an image, which PNG makes some tenth of what they are."""
    return options.whole("size") ** 2 // 5 if shape_of(questions) is RICH else 0


DSDL = Format(
    name="dsdl",
    version="1",
    title="DSDL 0.5.3: definitions, sets and images",
    use="OpenDataLab's tools: the `dsdl` package parses the folder, sample by sample.",
    why_not=why_not,
    write=write,
    about=about,
    options=options,
    common=(Common.PARTIAL, Common.SPLIT, Common.ENCODING),
    inside=True,
    bytes_an_image=bytes_an_image,
)
