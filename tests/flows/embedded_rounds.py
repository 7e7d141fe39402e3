"""Run by test_rounds in a process of its own, on SQLite: three people answer all that is there."""

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.utils import timezone  # noqa: E402

from annotator.annotations.models import Annotation  # noqa: E402
from annotator.assignments.models import Assignment  # noqa: E402
from annotator.audit import answers, outcomes, slots  # noqa: E402
from annotator.audit.scope import Scope, check  # noqa: E402
from annotator.consensus.models import Consensus  # noqa: E402
from tests import factories  # noqa: E402
from tests.drivers import Annotator, Reviewer, mps_answers  # noqa: E402

ITEMS = 4


def main() -> None:
    """Prints how many answers there are when all is well."""
    settings.ALLOWED_HOSTS = ["testserver"]
    call_command("migrate", verbosity=0)
    project = factories.project(review_rate=0.25)
    factories.open_items(project, ITEMS)
    for _ in range(project.overlap):
        person = Annotator(factories.member(project), project)
        mine = person.client.get("/api/v1/projects/mine").json()
        assert [one["left_for_you"] for one in mine["projects"]] == [ITEMS]
        person.claim(2)
        while person.held:
            person.submit(mps_answers("a"), hold=2)
            assert person.last is not None
            person.held = person.last.json()["claims"]["assignments"]
        assert person.last is not None
        assert person.last.json()["claims"]["done_today"] == ITEMS
    reviewer = Reviewer(factories.member(project, "reviewer"), project)
    while review := reviewer.next():
        assert reviewer.decide(review).status_code == 200
    assert set(Assignment.objects.values_list("state", flat=True)) == {"accepted"}
    assert Consensus.objects.count() == ITEMS
    promises = slots.INVARIANTS + answers.INVARIANTS + outcomes.INVARIANTS
    checked = [check(promise, Scope(timezone.now())) for promise in promises]
    assert [outcome for outcome in checked if outcome.violations] == []
    print(Annotation.objects.count())


main()
