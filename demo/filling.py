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
from annotator.projects.models import Batch, BatchState, Membership, Project
from annotator.projects.services import ProjectSettings, create_project
from annotator.reviews.models import Verdict
from demo.dataset import SEED, lay_out, truths
from demo.exhibits import EXHIBITS, Exhibit
from demo.known import by_file
from demo.people import REVIEWER, annotators
from demo.simulation import Simulation, counted, hire
from demo.truth import TRUTH
from scoring import catalog
from scoring.catalog import Grain, Need

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
