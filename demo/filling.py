"""The demo's projects: made, filled with images, and partly judged by simulated people.

Every step looks at what is there first, so that filling again keeps everything and is quick.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

from django.core.management import call_command
from django.utils import timezone

from annotator.accounts.models import Role, User
from annotator.measurements.choices import chosen_of
from annotator.measurements.models import Reference
from annotator.measurements.sets import request_sets
from annotator.projects.models import Batch, BatchState, Membership, Project, Template
from annotator.projects.question_drafts import OptionDraft, QuestionDraft
from annotator.projects.services import ProjectSettings, create_project
from annotator.questions import best_worst, reasons
from annotator.reviews.models import Verdict
from demo.dataset import SEED, Form, lay_out, truths
from demo.known import by_file
from demo.people import REVIEWER, annotators
from demo.simulation import Simulation, counted, hire
from demo.truth import TRUTH
from scoring import catalog
from scoring.catalog import Grain, Need


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
)
PAIRS_EACH = 4
SIMULATED = 4
# Of a project's reviews that are ready, so many are left for the lead to look at.
LEFT_TO_REVIEW = 3


@dataclass(frozen=True, slots=True)
class Filling:
    """Fills the demo's projects for `lead`; `say` is told each step in words."""

    lead: User
    say: Callable[[str], None]

    def fill(self, exhibits: Sequence[Exhibit] = EXHIBITS) -> list[Project]:
        """Projects, images, answers; what is there already stays as it is."""
        projects = [self._project(exhibit) for exhibit in exhibits]
        for exhibit, project in zip(exhibits, projects, strict=True):
            if not Batch.objects.filter(project=project, state=BatchState.DONE).exists():
                self._import(exhibit, project)
                self._measure_sets(project)
        for exhibit, project in zip(exhibits, projects, strict=True):
            self._simulate(exhibit, project)
        return projects

    def _project(self, exhibit: Exhibit) -> Project:
        found = Project.objects.filter(name=exhibit.name, created_by=self.lead).first()
        return found or create_project(
            by=self.lead,
            template=exhibit.template,
            settings=ProjectSettings(name=exhibit.name, guideline=exhibit.guideline),
            questions=exhibit.questions,
        )

    def _import(self, exhibit: Exhibit, project: Project) -> None:
        with TemporaryDirectory() as temporary:
            folder = Path(temporary) / "drawn-still-lifes"
            folder.mkdir()
            lay_out(folder, form=exhibit.form, prompts=exhibit.prompts, pairs_each=PAIRS_EACH)
            # What is true of the images is not for those who judge them.
            (folder / TRUTH).unlink()
            call_command("import_batch", str(project.pk), str(folder), name="Drawn still lifes")
        self.say(f"“{project.name}” has its images.")

    def _measure_sets(self, project: Project) -> None:
        """Asks the workers to measure each generator's images together, as far as is possible."""
        reference = Reference.objects.filter(project=project).first()
        metrics = [catalog.metric(name) for name in chosen_of(project).chosen]
        request_sets(
            project,
            [
                metric.name
                for metric in metrics
                if metric.grain is Grain.SET and (reference or Need.REFERENCE not in metric.needs)
            ],
            reference,
        )

    def _simulate(self, exhibit: Exhibit, project: Project) -> None:
        simulation = Simulation(project, SEED, timezone.now, by_file(truths()))
        workers = hire(project, annotators(SIMULATED), Role.ANNOTATOR)
        answers = counted(simulation.annotate(workers, items=exhibit.answered))
        if answers:
            self.say(f"“{project.name}” has {answers:,} simulated answers.")
        if not Verdict.objects.filter(review__project=project).exists():
            (reviewer,) = hire(project, [REVIEWER], Role.REVIEWER)
            waiting = simulation.waiting()
            counted(islice(simulation.review(reviewer), max(waiting - LEFT_TO_REVIEW, 0)))


def join_all(projects: Sequence[Project], user: User, role: Role) -> None:
    """Gives a person a role in each of the projects; kept where they have it."""
    for project in projects:
        Membership.objects.get_or_create(project=project, user=user, role=role)
