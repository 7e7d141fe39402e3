"""What the demo shows: a project each, of a template or of questions of its own."""

from dataclasses import dataclass

from annotator.projects.models import Template
from annotator.projects.question_drafts import OptionDraft, QuestionDraft
from annotator.questions import best_worst, flags, rating, reasons, words
from demo.dataset import Form
from demo.known import COUNTING


@dataclass(frozen=True, slots=True)
class Exhibit:
    """A demo project: which items of how many prompts, and how many each simulated one answers.

    `questions`: of a custom project.
    """

    name: str
    template: Template
    form: Form
    prompts: int
    answered: int
    guideline: str
    questions: tuple[QuestionDraft, ...] = ()


SCALES_AND_FAULTS = (
    QuestionDraft(
        "aesthetics",
        rating.KIND,
        "Beauty",
        "How pleasing is the image? Half a point says that it lies between two of the words.",
        scale_min=1,
        scale_max=5,
        half_points=True,
        title_zh="美感",
        help_zh="图像有多好看？半分表示介于两个描述之间。",
        options=(
            OptionDraft("1", "Ugly", "难看"),
            OptionDraft("3", "All right", "尚可"),
            OptionDraft("5", "Beautiful", "好看"),
        ),
    ),
    QuestionDraft(
        COUNTING,
        rating.KIND,
        "The numbers are right",
        "Are there as many things as the prompt says? N/A, where it says two or three of nothing.",
        scale_min=1,
        scale_max=5,
        na=True,
        title_zh="数量正确",
        help_zh="数量与提示词一致吗？若提示词没有提到“两个”或“三个”，请选“不适用”。",
    ),
    QuestionDraft(
        "plausibility",
        rating.KIND,
        "How plausible is it?",
        "0: broken all over. 100: this could stand before you.",
        scale_min=0,
        scale_max=100,
        title_zh="有多合理？",
        help_zh="0：处处不合理。100：就像真的摆在眼前。",
    ),
    QuestionDraft(
        "faults",
        flags.KIND,
        "What is wrong with it?",
        "As exactly as you can, or else the coarser word; nothing chosen: nothing is wrong.",
        title_zh="哪里有问题？",
        help_zh="请尽量具体，否则选较笼统的一项；什么都不选表示没有问题。",
        options=(
            OptionDraft("object", "Object", "物体"),
            OptionDraft("shape", "Warped", "变形", parent="object"),
            OptionDraft("surface", "Surface", "表面"),
            OptionDraft("texture", "Smeared", "涂抹", parent="surface"),
            OptionDraft("noise", "Garbled", "杂乱", parent="surface"),
        ),
    ),
    QuestionDraft(
        "wrong_phrases",
        words.KIND,
        "Phrases not shown rightly",
        "The words of the prompt that the image leaves out or shows wrongly, as phrases.",
        spans=True,
        title_zh="未正确呈现的短语",
        help_zh="提示词中图像遗漏或画错的部分，按短语选取。",
    ),
)

EXHIBITS = (
    Exhibit(
        "Four generators, side by side",
        Template.MPS,
        "pairs",
        prompts=24,
        answered=54,
        guideline="Two images for one prompt. Judge each of the four questions by itself.",
    ),
    Exhibit(
        "Where does it go wrong?",
        Template.RICHHF,
        "singles",
        prompts=24,
        answered=40,
        guideline="Click the middle of every flaw, then the words that the image gets wrong.",
    ),
    Exhibit(
        "From best to worst",
        Template.IMAGEREWARD,
        "groups",
        prompts=12,
        answered=5,
        guideline="Rate each image, then put all four in order.",
    ),
    Exhibit(
        "The best of four",
        Template.ENTITYDRAW,
        "faithful",
        prompts=12,
        answered=5,
        guideline="Pick the best image, then judge that one alone: is it true to the reference?",
    ),
    Exhibit(
        "Is it all there?",
        Template.EVALMUSE,
        "checked",
        prompts=12,
        answered=10,
        guideline="Go through the rows, then rate how well the whole image fits the prompt.",
    ),
    Exhibit(
        "Mended, or made worse?",
        Template.EDIT,
        "edits",
        prompts=12,
        answered=5,
        guideline="Hold each result against the source: hold X to flicker between the two.",
    ),
    Exhibit(
        "Which of two was mended better?",
        Template.EDIT_GRADED,
        "edit_pairs",
        prompts=12,
        answered=20,
        guideline="The source stands first. Say by how much one result is better.",
    ),
    Exhibit(
        "Where, what, and which word?",
        Template.RICHHF_PLUS,
        "singles",
        prompts=12,
        answered=20,
        guideline="Click and draw what is wrong; tie a wrong word to its mark by J.",
    ),
    Exhibit(
        "Better by how much?",
        Template.GRADED,
        "pairs",
        prompts=12,
        answered=20,
        guideline="Six steps and no tie: look for what tips the scale.",
    ),
    Exhibit(
        "At the first look",
        Template.TRIAGE,
        "singles",
        prompts=12,
        answered=20,
        guideline="One press an image: F lets it through, J does not.",
    ),
    Exhibit(
        "The best, the worst, and why",
        Template.CUSTOM,
        "groups",
        prompts=12,
        answered=5,
        guideline="The best first, then the worst; then what tipped the scale.",
        questions=(
            QuestionDraft("ends", best_worst.KIND, "The best and the worst", title_zh="最好与最差"),
            QuestionDraft(
                "why",
                reasons.KIND,
                "What tells them apart?",
                title_zh="差别在哪里？",
                options=(
                    OptionDraft("aesthetics", "Beauty", "美感"),
                    OptionDraft("detail_quality", "Details", "细节"),
                    OptionDraft("alignment", "Match with the prompt", "与提示词相符"),
                    OptionDraft("plausibility", "Plausibility", "合理性"),
                ),
            ),
        ),
    ),
    Exhibit(
        "One question, one choice",
        Template.HPSV3,
        "pairs",
        prompts=6,
        answered=12,
        guideline="Two images for one prompt: which one would you keep?",
    ),
    Exhibit(
        "Halves, a slider, a tree and phrases",
        Template.CUSTOM,
        "singles",
        prompts=6,
        answered=12,
        guideline="Say N/A where the prompt counts nothing: that is no low rating.",
        questions=SCALES_AND_FAULTS,
    ),
)
