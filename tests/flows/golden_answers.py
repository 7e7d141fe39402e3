"""What is uploaded to the golden projects, and what people say of it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import Any

Answers = Callable[[str, str], Mapping[str, Any] | None]
GENERATORS = ("flux.1-dev", "flux 1 dev", "SDXL, turbo", "=painter", "ölmaler")
SIZES = ((32, 24), (32, 24), (40, 40), (24, 48))


@dataclass(frozen=True)
class Drawn:
    """An image: its file, of which seed and size it is drawn, and its generator."""

    file: str
    seed: int
    generator: str
    width: int = 32
    height: int = 24


@dataclass(frozen=True)
class Row:
    """An item of an upload."""

    key: str
    prompt: str
    images: tuple[Drawn, ...]
    checklist: tuple[Mapping[str, Any], ...] = ()
    source: Drawn | None = None

    @property
    def drawn(self) -> tuple[Drawn, ...]:
        """All of its images, judged or not."""
        return (*self.images, self.source) if self.source else self.images

    def manifest(self) -> dict[str, Any]:
        """Its line in the manifest; images of odd seeds come with what made them."""
        images: list[dict[str, Any]] = []
        for image in self.images:
            images.append({"file": image.file, "generator": image.generator})
            if image.seed % 2:
                made_by = {"seed": 2**53 + image.seed, "cfg": 7.5, "sampler": "=euler, a"}
                images[-1]["meta"] = made_by
        about = {} if "meta" in images[0] else {"category": "animals", "meta": {"tier": 2}}
        if self.checklist:
            about["checklist"] = [*self.checklist]
        if self.source:
            about["source_image"] = self.source.file
        return {"id": self.key, "prompt": self.prompt, "images": images, **about}


def row(key: str, prompt: str, count: int, seed: int) -> Row:
    """An item of `count` images, some of other sizes than others."""
    return Row(
        key,
        prompt,
        tuple(
            Drawn(
                f"{key}-{place}.png",
                seed * 10 + place,
                GENERATORS[(seed + place) % len(GENERATORS)],
                *SIZES[(seed if seed % 4 else seed + place) % len(SIZES)],
            )
            for place in range(count)
        ),
    )


PROMPTS = (
    "a red cube, on a table",
    "two cats; one of them asleep",
    '=SUM(1), "a dog\'s house"',
    "Katzen – grün, überall",
    "一只红色的猫 on a mat",
    "a red cube, on a table",
    "four hands of six fingers",
    "nothing at all",
)


def _pairs() -> list[list[Row]]:
    """Twelve pairs: two share a prompt, two an image; in one both images are the same."""
    rows = [row(f"{n}", PROMPTS[n % len(PROMPTS)], 2, n) for n in range(1, 8)]
    shared = rows[0].images[0]
    rows.append(Row("shared", rows[0].prompt, (Drawn("s-1.png", 901, "ölmaler"), shared)))
    same = (Drawn("t-0.png", 902, "flux.1-dev"), Drawn("t-1.png", 902, "SDXL, turbo"))
    rows.append(Row("same", "a thing and its copy", same))
    rows.append(row("late", "a late train", 2, 91))
    rows.append(row("open", "an open door", 2, 92))
    return [rows, [row(f"more {n}", PROMPTS[n % len(PROMPTS)], 2, 40 + n) for n in range(3)]]


def _items(*counts: int) -> list[list[Row]]:
    """Items of so many images, and one that somebody comes late to, one that stays open."""
    keys = [*(f"{n}" for n in range(1, len(counts) - 1)), "late", "open"]
    return [
        [
            row(key, PROMPTS[n % len(PROMPTS)], count, 10 * len(counts) + n)
            for n, (key, count) in enumerate(zip(keys, counts, strict=True))
        ]
    ]


CHECKLIST = (
    {"id": "thing", "text": "Is it there?", "kind": "entity: whole"},
    {
        "id": "colour",
        "text": "=the right colour",
        "kind": "attribute: colour",
        "depends_on": "thing",
    },
    {"id": "finish", "text": "Matt, is it?", "kind": "texture", "depends_on": ["colour"]},
    {"id": "place", "text": "Is it where it should be?", "depends_on": ["thing"]},
    {"id": "light", "text": "Ist es hell – überall?", "kind": "global"},
)


def _checked(*counts: int) -> list[list[Row]]:
    """The same with checklists, the first ones longer."""
    (rows,) = _items(*counts)
    return [[replace(one, checklist=CHECKLIST[: 5 - n % 3]) for n, one in enumerate(rows)]]


def _edits(*counts: int) -> list[list[Row]]:
    """The same as results of edits."""
    (rows,) = _items(*counts)
    sources = [Drawn(f"{one.key}-source.png", 900 + n, "") for n, one in enumerate(rows)]
    return [[replace(one, source=source) for one, source in zip(rows, sources, strict=True)]]


UPLOADS: Mapping[str, Sequence[Sequence[Row]]] = {
    "mps": _pairs(),
    "richhf": _items(1, 1, 1, 1, 1, 1),
    "imagereward": _items(4, 5, 4, 4, 4),
    "entitydraw": _items(4, 3, 1),
    "evalmuse": _checked(1, 1, 1, 1, 1, 1),
    "custom": _items(2, 2, 2, 2, 2),
    "edit": _edits(2, 3, 2, 2, 2),
}
_ROWS = {
    (template, one.key): one
    for template, batches in UPLOADS.items()
    for rows in batches
    for one in rows
}

# Item → what ann, bo and cy choose in each of the four questions of mps, in their order: a, b,
# t(ie), n(either: both bad), u(nsure).
_CHOICES = {
    "1": ("aaaa", "abaa", "abba"),
    "2": ("abta", "bbtb", "abtb"),
    "3": ("tnua", "tnub", "tnut"),
    "4": ("nuab", "nuan", "anbb"),
    "5": ("abtn", "tabu", "btat"),
    "6": ("uuuu", "aunt", "ttua"),
    "7": ("bbbb", "bbbb", "bbbb"),
    "shared": ("aatb", "taab", "aaaa"),
    "same": ("tttt", "ttnt", "tutn"),
    "late": ("abab", "abba", ""),
    "open": ("baba", "", ""),
    "more 0": ("aabb", "abbb", ""),
    "more 1": ("bbaa", "btaa", ""),
    "more 2": ("ntnt", "tntn", ""),
}
_WORDS = {"a": "a", "b": "b", "t": "tie", "n": "both_bad", "u": "unsure"}
_MPS = ("aesthetics", "detail_quality", "semantic_alignment", "overall")


def _of_mps(key: str, person: str) -> Mapping[str, Any] | None:
    if person == "dee":
        said = "" if key == "open" else "abta"
    else:
        said = _CHOICES[key][("ann", "bo", "cy").index(person)]
    if not said:
        return None
    return {name: {"choice": _WORDS[x]} for name, x in zip(_MPS, said, strict=True)}


def _silent(key: str, person: str) -> bool:
    """Of the item `open` only ann says something, to `late` cy does not come in time."""
    return (key, person) == ("late", "cy") or (key == "open" and person != "ann")


class _Person:
    """Draws a person's answers to one item, always the same ones."""

    def __init__(self, template: str, key: str, person: str) -> None:
        self.rng = Random(f"{template}/{key}/{person}")
        asked = _ROWS[template, key]
        self.letters = "abcdefghi"[: len(asked.images)]
        self.words = len(asked.prompt.split())
        self.checklist = asked.checklist

    def preference(self) -> dict[str, Any]:
        return {"choice": self.rng.choice(["a", "a", "b", "tie", "both_bad", "unsure"])}

    def ranking(self) -> dict[str, Any]:
        ranks = {letter: self.rng.randrange(3) for letter in self.letters}
        tiers = [[x for x in self.letters if ranks[x] == rank] for rank in range(3)]
        return {"tiers": [tier for tier in tiers if tier]}

    def rating(self, low: int, high: int) -> dict[str, Any]:
        return {"ratings": {letter: self.rng.randint(low, high) for letter in self.letters}}

    def marks(self) -> dict[str, Any]:
        return {"marks": {letter: self._points() for letter in self.letters}}

    def _points(self) -> list[dict[str, float]]:
        count = self.rng.randrange(4)
        return [{xy: self.rng.randrange(1, 1000) / 1000 for xy in "xy"} for _ in range(count)]

    def tokens(self) -> dict[str, Any]:
        count = self.rng.randrange(self.words + 1)
        return {"tokens": sorted(self.rng.sample(range(self.words), count))}

    def flags(self, *options: str) -> dict[str, Any]:
        chosen = {x: [o for o in options if self.rng.random() < 0.3] for x in self.letters}
        return {"flags": chosen}

    def regions(self, *flaws: str) -> dict[str, Any]:
        return {"regions": {letter: self._drawn(flaws) for letter in self.letters}}

    def _drawn(self, flaws: Sequence[str]) -> list[dict[str, Any]]:
        """Nothing, a box, or a box and two strokes of which one takes away."""
        x, y = (self.rng.randrange(500) / 1000 for _ in "xy")
        box = {"flaw": self.rng.choice(flaws), "box": [x, y, 0.4, 0.5]}
        brush = {"tool": "brush", "radius": 0.2, "points": [[x, y], [0.5, 0.5]]}
        eraser = {"tool": "erase", "radius": 0.1, "points": [[0.5, 0.5]]}
        painted = {"flaw": self.rng.choice(flaws), "strokes": [brush, eraser]}
        return [box, painted][: self.rng.randrange(3)]

    def rows(self) -> dict[str, Any]:
        said: dict[str, str] = {}
        for row in self.checklist:
            gates = row.get("depends_on", ())
            asked = [gates] if isinstance(gates, str) else gates
            if all(said.get(gate, "no") != "no" for gate in asked):
                said[row["id"]] = self.rng.choice(["yes", "yes", "yes", "no", "unsure"])
        return {"rows": said}

    def pick(self) -> dict[str, Any]:
        return {"choice": self.rng.choice(self.letters)}


def _of_richhf(key: str, person: str) -> Mapping[str, Any] | None:
    if _silent(key, person):
        return None
    one = _Person("richhf", key, person)
    return {
        "implausibility": one.marks(),
        "misalignment": one.marks(),
        "misaligned_words": one.tokens(),
        **{
            name: one.rating(1, 5)
            for name in ("plausibility", "alignment", "aesthetics", "overall")
        },
    }


def _of_imagereward(key: str, person: str) -> Mapping[str, Any] | None:
    if _silent(key, person):
        return None
    one = _Person("imagereward", key, person)
    return {
        **{name: one.rating(1, 7) for name in ("alignment", "fidelity", "overall")},
        "issues": one.flags("conflict", "limbs", "unclear", "toxic", "sex", "violence"),
        "ranking": one.ranking(),
    }


def _of_entitydraw(key: str, person: str) -> Mapping[str, Any] | None:
    if _silent(key, person):
        return None
    one = _Person("entitydraw", key, person)
    best = one.pick()
    one.letters = best["choice"]
    return {
        "best": best,
        "photorealism": one.flags("photorealism"),
        "faithfulness": one.flags("faithfulness"),
    }


def _of_evalmuse(key: str, person: str) -> Mapping[str, Any] | None:
    if _silent(key, person):
        return None
    one = _Person("evalmuse", key, person)
    return {"elements": one.rows(), "alignment": one.rating(1, 5)}


def _of_edit(key: str, person: str) -> Mapping[str, Any] | None:
    if _silent(key, person):
        return None
    one = _Person("edit", key, person)
    names = ("instruction_following", "preservation", "visual_quality")
    return {name: one.rating(1, 4) for name in names}


QUESTIONS: Sequence[Mapping[str, Any]] = (
    {"id": "better", "type": "preference", "title": "Which one?"},
    {"id": "order", "type": "ranking"},
    {"id": "score", "type": "rating", "scale": {"min": 0, "max": 10}},
    {"id": "each_score", "type": "rating", "scale": {"min": 1, "max": 3}},
    {"id": "broken", "type": "marks"},
    {"id": "wrong_words", "type": "words"},
    {"id": "best", "type": "pick"},
    {
        "id": "issues",
        "type": "flags",
        "options": [{"id": "blurred", "title": "Blurred"}, {"id": "cropped"}],
    },
    {
        "id": "places",
        "type": "regions",
        "options": [{"id": "body"}, {"id": "hands", "parent": "body"}, {"id": "text"}],
    },
    {"id": "remark", "type": "comment"},
    {"id": "afterthought", "type": "comment", "required": False},
)


def _of_custom(key: str, person: str) -> Mapping[str, Any] | None:
    if _silent(key, person):
        return None
    one = _Person("custom", key, person)
    answers = {
        "better": one.preference(),
        "order": one.ranking(),
        "score": one.rating(0, 10),
        "each_score": one.rating(1, 3),
        "broken": one.marks(),
        "wrong_words": one.tokens(),
        "best": one.pick(),
        "issues": one.flags("blurred", "cropped"),
        "places": one.regions("body", "hands", "text"),
        "remark": {"text": f'“{person}” says: "=1+1", über {key}\nand more'},
    }
    return answers | ({"afterthought": {"text": "none"}} if person == "bo" else {})


ANSWERS: Mapping[str, Answers] = {
    "mps": _of_mps,
    "richhf": _of_richhf,
    "imagereward": _of_imagereward,
    "entitydraw": _of_entitydraw,
    "evalmuse": _of_evalmuse,
    "custom": _of_custom,
    "edit": _of_edit,
}
