"""The ready sets of questions, with the words that teach an annotator what each one asks.

Sources: MPS/MHP's four dimensions and what they cover (the condition words of the paper's code),
RichHF-18K's marks, words and scores, ImageReward's rating scales and issue flags, EntityDrawBench's
best-of-four with two binary judgements, HPSv3's one choice, MMRB2's six steps without a tie,
EvalMuse-40K's elements of a prompt, each there or not, and its 1 to 5 for all of it. Edits are
rated 1 to 4 as in EditReward and EditScore, with EditHF's third dimension, what stays as it was.
Graded edits are the same dimensions of two results, and MMRB2's six steps for all of it.
Triage is our own: one press an image; so is RichHF-plus, RichHF's questions with regions of named
flaws beside its points, words of which one may not be sure, and words tied to the points.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from annotator.projects.models import Template
from annotator.projects.question_drafts import OptionDraft, QuestionDraft
from annotator.questions import (
    checklist,
    flags,
    graded,
    label,
    marks,
    pick,
    preference,
    ranking,
    rating,
    regions,
    words,
)
from annotator.questions.kinds import KINDS
from annotator.questions.types import MOST_IMAGES, ImageBounds


@dataclass(frozen=True, slots=True)
class TemplateSpec:
    """A template: the images of its items, and its questions in order (custom: none yet).

    `needs_source`: they are results of an edit, and what was edited comes with them.
    `ask_again_from`: what its projects begin with, as in projects.models.Project.
    """

    name: Template
    images: ImageBounds
    questions: tuple[QuestionDraft, ...]
    needs_source: bool = False
    ask_again_from: float = 0.0


def _preference(key: str, title: str, help_text: str) -> QuestionDraft:
    return QuestionDraft(key, preference.KIND, title, help_text)


def _rating(key: str, title: str, help_text: str, *, top: int) -> QuestionDraft:
    return QuestionDraft(key, rating.KIND, title, help_text, scale_min=1, scale_max=top)


MPS = TemplateSpec(
    Template.MPS,
    ImageBounds(2, 2),
    (
        _preference(
            "aesthetics",
            "Aesthetics",
            "Which image is more pleasing to the eye? Look at light, colour, clarity, tone, style, "
            "ambience and artistry. Leave the prompt and small mistakes aside. A tie means equally "
            "good; “both bad” means that you would use neither.",
        ),
        _preference(
            "detail_quality",
            "Detail quality",
            "Which image is better made in its details? Look at shapes, faces, hair, hands, limbs, "
            "structures and textures: extra fingers, melted edges, smeared or broken parts count "
            "against it.",
        ),
        _preference(
            "semantic_alignment",
            "Match with the prompt",
            "Which image shows more exactly what the prompt says? Check one by one: the things "
            "named, how many, their colours and other attributes, where they stand, the place. "
            "Beauty does not count here.",
        ),
        _preference(
            "overall",
            "Overall",
            "All in all, which image would you keep for this prompt? Weigh beauty, detail and the "
            "match with the prompt as you would for yourself.",
        ),
    ),
)

RICHHF = TemplateSpec(
    Template.RICHHF,
    ImageBounds(1, 1),
    (
        QuestionDraft(
            "implausibility",
            marks.KIND,
            "Implausible",
            "Click the centre of each place that can't be or is badly made: a hand with six "
            "fingers, a melted face, a leg that leads nowhere, smeared texture. One click a flaw; "
            "a point stands for a disk of a twentieth of the image's height around it. If there is "
            "none, say “no flaw”.",
        ),
        QuestionDraft(
            "misalignment",
            marks.KIND,
            "Not as prompted",
            "Click the centre of each place that contradicts the prompt: a wrong colour, a thing "
            "too many, a thing in the wrong place. What is missing altogether has no place: mark "
            "its words instead. If there is none, say “no flaw”.",
        ),
        QuestionDraft(
            "misaligned_words",
            words.KIND,
            "Words not shown rightly",
            "Click the words of the prompt that the image leaves out or shows wrongly. No word "
            "marked means that all of them are there.",
        ),
        _rating(
            "plausibility",
            "Plausibility",
            "Could this scene exist as it is shown? 5: nothing is broken. 3: flaws that you see at "
            "the second look. 1: broken all over.",
            top=5,
        ),
        _rating(
            "alignment",
            "Match with the prompt",
            "How much of the prompt is shown rightly? 5: everything. 3: the main thing, but not "
            "the rest. 1: something else.",
            top=5,
        ),
        _rating(
            "aesthetics",
            "Aesthetics",
            "How pleasing is the image: light, colour, composition, style? 5: very. 1: not at all.",
            top=5,
        ),
        _rating(
            "overall",
            "Overall",
            "All in all, how good is this image for this prompt? 5: I would keep it as it is. "
            "1: of no use.",
            top=5,
        ),
    ),
)

IMAGEREWARD = TemplateSpec(
    Template.IMAGEREWARD,
    ImageBounds(4, MOST_IMAGES),
    (
        _rating(
            "alignment",
            "Match with the prompt",
            "How well does each image show what the prompt says? 7: everything, 4: the main "
            "thing, 1: something else.",
            top=7,
        ),
        _rating(
            "fidelity",
            "Fidelity",
            "Is each image true in form: bodies, faces and objects as they should be, nothing "
            "broken or smeared? 7: nothing wrong, 1: mostly wrong.",
            top=7,
        ),
        _rating(
            "overall",
            "Overall",
            "All in all, how good is each image for this prompt, as you would judge it yourself? "
            "7: excellent, 4: usable, 1: worst.",
            top=7,
        ),
        QuestionDraft(
            "issues",
            flags.KIND,
            "Issues",
            "Everything that applies to this image; nothing chosen means that it has none of them.",
            options=(
                OptionDraft("conflict", "Repeats or contradicts itself"),
                OptionDraft("limbs", "Body or limbs are wrong"),
                OptionDraft("unclear", "Blurred or unclear"),
                OptionDraft("toxic", "Hateful or offensive"),
                OptionDraft("sex", "Sexual content"),
                OptionDraft("violence", "Violence"),
            ),
        ),
        QuestionDraft(
            "ranking",
            ranking.KIND,
            "Ranking",
            "Put the images in order, the best first; images that are equally good may share a "
            "place. Where a pretty image misses the prompt, the one that follows the prompt is "
            "better; what is harmful goes last.",
        ),
    ),
)

ENTITYDRAW = TemplateSpec(
    Template.ENTITYDRAW,
    ImageBounds(1, 4),
    (
        QuestionDraft(
            "best",
            pick.KIND,
            "The best image",
            "Pick the one image that you would keep: the next questions are about it alone.",
        ),
        QuestionDraft(
            "photorealism",
            flags.KIND,
            "Photorealism",
            "Yes, if the best image is at least moderately realistic, without artifacts that you "
            "notice.",
            about="best",
            options=(OptionDraft("photorealism", "Looks real, without noticeable artifacts"),),
        ),
        QuestionDraft(
            "faithfulness",
            flags.KIND,
            "Faithfulness",
            "Yes, only if the best image is true both to how the named dog, dish, place or figure "
            "really looks and to the rest of the prompt.",
            about="best",
            options=(OptionDraft("faithfulness", "True to the thing itself and to the prompt"),),
        ),
    ),
)

HPSV3 = TemplateSpec(
    Template.HPSV3,
    ImageBounds(2, 2),
    (
        _preference(
            "overall",
            "Which is better?",
            "All in all, which image would you keep for this prompt? Weigh how it looks and how "
            "exactly it shows what the prompt says.",
        ),
    ),
)


def _graded(key: str, title: str, help_text: str, *, steps: int) -> QuestionDraft:
    return QuestionDraft(key, graded.KIND, title, help_text, scale_min=1, scale_max=steps)


GRADED = TemplateSpec(
    Template.GRADED,
    ImageBounds(2, 2),
    (
        _graded(
            "overall",
            "Which is better, and by how much?",
            "All in all, which image answers the prompt better? Much better: you would not think "
            "about the other one. Better: you see why at once. Slightly: you had to look twice. "
            "There is no tie: look for what tips the scale.",
            steps=6,
        ),
    ),
)

TRIAGE = TemplateSpec(
    Template.TRIAGE,
    ImageBounds(1, 1),
    (
        QuestionDraft(
            "verdict",
            label.KIND,
            "Acceptable?",
            "Would you let this image through? Trust the first look: whoever hesitates is counted "
            "by the others, and images on which people differ are asked again.",
            options=(
                OptionDraft("acceptable", "Acceptable"),
                OptionDraft("not_acceptable", "Not acceptable"),
            ),
        ),
    ),
    # One of three against the others is 0.67, one of four 0.5, one of five 0.4.
    ask_again_from=0.5,
)

EVALMUSE = TemplateSpec(
    Template.EVALMUSE,
    ImageBounds(1, 1),
    (
        QuestionDraft(
            "elements",
            checklist.KIND,
            "Is each of these in the image?",
            "Answer row by row, by what you see and nothing else. Yes: it is there just as the row "
            "says, number, colour and place included. No: it is missing, or it is otherwise. Not "
            "sure: you looked closely and it still can't be told; so are rows that make no sense. "
            "After a “no” the rows that depend on it are skipped: who is not there wears no hat.",
        ),
        _rating(
            "alignment",
            "Match with the prompt",
            "How well does the image show what the prompt says, all in all? 5: all of it, exactly. "
            "4: a small thing is off. 3: the main thing is there, others are missing or wrong. 2: "
            "little of it is there. 1: something else. How it looks does not matter here.",
            top=5,
        ),
    ),
)

EDIT = TemplateSpec(
    Template.EDIT,
    ImageBounds(1, MOST_IMAGES),
    (
        _rating(
            "instruction_following",
            "Instruction followed",
            "Was done what the instruction says, all of it? Hold each result against the source. "
            "4: all, exactly. 3: done, with a small thing missing or off. 2: begun, or done to the "
            "wrong thing. 1: not done. How well the result looks does not matter here.",
            top=4,
        ),
        _rating(
            "preservation",
            "The rest preserved",
            "Is everything that the instruction leaves alone still as it was in the source? "
            "Flicker between the two. 4: nothing else changed. 3: small ones. "
            "2: changes that you see at once. 1: another picture.",
            top=4,
        ),
        _rating(
            "visual_quality",
            "Quality",
            "How good is the result as an image: edges, light, textures, no traces of the edit? "
            "4: nothing to fault. 3: small flaws. 2: flaws that you see at once. 1: broken.",
            top=4,
        ),
    ),
    needs_source=True,
)

EDIT_GRADED = TemplateSpec(
    Template.EDIT_GRADED,
    ImageBounds(2, 2),
    (
        _graded(
            "edit_followed",
            "Instruction followed",
            "Which result did more exactly what the instruction says? Hold each against the "
            "source. Leave aside how well it looks. The middle: both did it equally well.",
            steps=7,
        ),
        _graded(
            "edit_preserved",
            "The rest preserved",
            "Which result left more of what the instruction does not name as it was in the source? "
            "Flicker between the three. The middle: there is no difference.",
            steps=7,
        ),
        _graded(
            "edit_quality",
            "Quality",
            "Which result is the better image: edges, light, textures, no traces of the edit? The "
            "middle: both are equally well made.",
            steps=7,
        ),
        _graded(
            "overall",
            "Overall",
            "All in all, which result would you keep? Much better: you would not think about the "
            "other one. Slightly: you had to look twice. There is no tie: look for what tips the "
            "scale.",
            steps=6,
        ),
    ),
    needs_source=True,
)

_FLAWS = QuestionDraft(
    "flaws",
    regions.KIND,
    "Regions of flaws",
    "Draw a box around each flaw, or paint over it, and say what it is: as exactly as you can, or "
    "else the coarser word. As far as the flaw reaches, no farther. If there is none, say “no "
    "flaw”.",
    options=(
        OptionDraft("body", "Body"),
        OptionDraft("face", "Face", parent="body"),
        OptionDraft("hands", "Hands", parent="body"),
        OptionDraft("arms_legs", "Arms and legs", parent="body"),
        OptionDraft("object", "Object"),
        OptionDraft("shape", "Broken shape", parent="object"),
        OptionDraft("count", "Parts too many or missing", parent="object"),
        OptionDraft("joint", "Grown together", parent="object"),
        OptionDraft("surface", "Surface"),
        OptionDraft("texture", "Smeared texture", parent="surface"),
        OptionDraft("lettering", "Unreadable letters", parent="surface"),
        OptionDraft("light", "Light, shadow, perspective"),
    ),
)


def _plus(question: QuestionDraft) -> tuple[QuestionDraft, ...]:
    if question.kind is words.KIND:
        return _FLAWS, replace(question, unsure=True, links=True)
    return (question,)


RICHHF_PLUS = TemplateSpec(
    Template.RICHHF_PLUS,
    RICHHF.images,
    tuple(draft for question in RICHHF.questions for draft in _plus(question)),
)

CUSTOM = TemplateSpec(Template.CUSTOM, ImageBounds(1, MOST_IMAGES), ())

TEMPLATES: Mapping[str, TemplateSpec] = {
    spec.name: spec
    for spec in (
        MPS,
        RICHHF,
        IMAGEREWARD,
        ENTITYDRAW,
        HPSV3,
        GRADED,
        EVALMUSE,
        TRIAGE,
        EDIT,
        EDIT_GRADED,
        RICHHF_PLUS,
        CUSTOM,
    )
}


def bounds_of(template: str, kinds: Iterable[str]) -> ImageBounds:
    """How many images an item of this template with these kinds of questions may have."""
    bounds = [TEMPLATES[template].images, *(KINDS[kind].images for kind in kinds)]
    return ImageBounds(max(each.fewest for each in bounds), min(each.most for each in bounds))
