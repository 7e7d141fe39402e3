"""`dsdl`: a folder in DSDL 0.5.3 that the `dsdl` package parses strictly.

The template cv_generation of opendatalab knows images with a domain: that view is the set
`<split>-plain`, with generators as domains. What people said is in the set beside it, in the one
of five shapes that the project's questions choose. What nobody answered is absent, never null.
Source: opendatalab/dsdl-docs, cv_generation template; package 0.1.10.11, in strict mode.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from annotator.exports.aggregate.votes import Questions, with_sides
from annotator.exports.formats import options
from annotator.exports.formats.dsdl.binary import BINARY
from annotator.exports.formats.dsdl.language import (
    CONFIG,
    DOMAINS,
    STRUCTS,
    Domain,
    Struct,
    domains_yaml,
    set_yaml,
    structs_yaml,
)
from annotator.exports.formats.dsdl.layout import (
    GENERATED,
    Fields,
    Layout,
    Names,
    Sampling,
    figures_of,
    names_of,
)
from annotator.exports.formats.dsdl.pairs import PAIRS
from annotator.exports.formats.dsdl.pieces import PIECES
from annotator.exports.formats.dsdl.rankings import RANKINGS
from annotator.exports.formats.dsdl.rich import RICH
from annotator.exports.formats.format import Format, Group, WholeExport, asks_anything
from annotator.exports.formats.options import Options
from annotator.exports.formats.shard import Shard
from annotator.exports.read.facts import Facts
from annotator.exports.read.items import ExportedItem
from annotator.exports.store.outputs import JsonList
from annotator.exports.store.rows import ExportRow, Skip, Skipped

SETS = {"train": "train", "valid": "val", "test": "test"}
PLAIN = "plain"
LAYOUTS = (PAIRS, RANKINGS, RICH, BINARY, PIECES)
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


SNIPPET = """\
cd THIS_FOLDER
dsdl check -y set-train/train.yaml -c config.py -l local -f image label -p defs -o ."""
README = [
    "A dataset in DSDL 0.5.3. The same command checks each set that is there. It ends with 0 even",
    "where samples fail: read its report. Paths of images are relative to this folder (config.py).",
    "All samples of a set are read at once.",
]
# Of a sample: for a person's eyes its images stand beside.
NO_FACTS = {"sample_uid", "prompt", "media", "images", "image_a", "image_b", "tokens"}


def maps_options(questions: Questions) -> tuple[options.ExportOption, ...]:
    """Shape and size of RichHF's maps, where there are any."""
    return options.drawing(options.DISK) if layout_of(questions) is RICH else ()


def layout_of(questions: Questions) -> Layout:
    """The first layout that fits; the last one fits all."""
    return next(layout for layout in LAYOUTS if layout.fits(questions))


def rows(shard: Shard) -> Iterator[ExportRow | Skip]:
    """What people said of an item into one set, its images into the plain one beside it.

    An item that nobody answered is in neither.
    """
    sampling = Sampling(shard, names_of(shard.facts))
    layout = layout_of(shard.questions)
    for item in shard.items:
        samples = list(layout.samples(sampling, item))
        if not samples:
            yield Skip(Skipped.UNANSWERED)
        for sample in samples:
            facts = {name: one for name, one in sample.fields.items() if name not in NO_FACTS}
            yield ExportRow(
                **_in_set(shard, item, sample.fields),
                copies=shard.needed(*item.images),
                files=sample.files,
                figures=tuple(sample.figures),
                facts=facts,
            )
        for one in _plain(sampling, item) if samples else ():
            figures = tuple(figures_of(item.images))
            yield ExportRow(**_in_set(shard, item, one, f"-{PLAIN}"), rows=0, figures=figures)


def _in_set(shard: Shard, item: ExportedItem, value: Fields, suffix: str = "") -> dict[str, Any]:
    """A row's place: its set's file, what it counts as."""
    split = SETS[shard.split_of(item.prompt)]
    name = f"{split}{suffix}"
    return {
        "to": (JsonList(f"set-{split}/{name}_samples.json", under="samples"),),
        "value": value,
        "items": (item,),
        "counts": {("sets", split, name): 1},
    }


def structs_of(facts: Facts) -> tuple[Struct, tuple[Struct, ...]]:
    """The plain set's struct, and those of the other, the samples' own last."""
    judged = (GENERATED, *layout_of(facts.questions).structs(names_of(facts)))
    return PLAIN_STRUCTS[-1 if _paired(facts.questions) else 0], judged


def domains_of(facts: Facts) -> list[Domain]:
    """Those that any struct names."""
    _, judged = structs_of(facts)
    domains = names_of(facts).domains
    params = dict.fromkeys(p for struct in (*PLAIN_STRUCTS, *judged) for p in struct.params)
    return list({domains[param].name: domains[param] for param in params}.values())


def files(whole: WholeExport) -> dict[str, bytes]:
    """Definitions, and a YAML for each set that has samples."""
    facts = whole.facts
    plain, judged = structs_of(facts)
    found = {
        f"defs/{STRUCTS}.yaml": structs_yaml((*PLAIN_STRUCTS, *judged)),
        f"defs/{DOMAINS}.yaml": domains_yaml(domains_of(facts)),
        "config.py": CONFIG,
    }
    for split, counted in whole.total.counts["sets"].items():
        for name in counted:
            struct = plain if name.endswith(PLAIN) else judged[-1]
            found[f"set-{split}/{name}.yaml"] = set_yaml(
                dataset=facts.name,
                subset=name,
                sample_type=_with_domains(struct, names_of(facts)),
                samples=f"{name}_samples.json",
            )
    return found


def aggregation(whole: WholeExport) -> dict[str, Any]:
    """How several people are told apart or put together."""
    layout = layout_of(whole.facts.questions)
    maps = {"maps": options.drawing_of(whole.options).describe()} if layout is RICH else {}
    return {"people": layout.rule, **maps}


def schema(whole: WholeExport) -> dict[str, Any]:
    """The fields of both sets' samples, and what names became."""
    facts = whole.facts
    names, layout = names_of(facts), layout_of(facts.questions)
    plain, _ = structs_of(facts)
    return {
        "set-{train,val,test}/{split}_samples.json": {
            "samples": f"{layout.sample}, as defs/{STRUCTS}.yaml defines it",
            "sample_uid": "the item's id",
            "images": "in the order of their letters; shape is width, height in pixels",
            "point": "pixels from the top left corner of the image, x then y",
            "annotator": "pseudonym",
            **layout.fields,
        },
        "set-{train,val,test}/{split}-plain_samples.json": {
            "samples": f"{plain.name} of the published template; domain is the generator",
        },
        "names": {
            "is": "what stands in the project → what stands in the files, which allow letters, "
            "digits and underscores alone",
            **{domain.name: domain.classes for domain in domains_of(facts)},
            "fields": {**names.rating_fields, **names.flag_fields},
        },
    }


def _paired(questions: Questions) -> bool:
    return bool(with_sides(questions))


def _plain(sampling: Sampling, item: ExportedItem) -> Sequence[Fields]:
    images = [
        {
            "image": sampling.shard.name_of(image),
            "domain": sampling.names.generators[image.generator],
        }
        for image in item.images
    ]
    if not _paired(sampling.shard.questions):
        return images
    return [{"image_a": images[0], "image_b": images[1]}]


def _with_domains(struct: Struct, names: Names) -> str:
    given = ", ".join(f"{param}={names.domains[param].name}" for param in struct.params)
    return f"{struct.name}[{given}]"


def bytes_an_image(chosen: Options, questions: Questions) -> int:
    """Two maps of an image, which PNG makes some tenth of what they are."""
    return chosen.whole("size") ** 2 // 5 if layout_of(questions) is RICH else 0


DSDL = Format(
    name="dsdl",
    version="1",
    group=Group.DATASETS,
    misfit=asks_anything,
    options=(options.PARTIAL, *options.SPLIT, options.ENCODING, maps_options),
    rows=rows,
    aggregation=aggregation,
    schema=schema,
    snippet=SNIPPET,
    language="sh",
    readme=README,
    files=files,
    counts={"sets": {}},
    splits=SETS,
    skipped={Skipped.UNANSWERED: 0},
    inside=True,
    bytes_an_image=bytes_an_image,
)
