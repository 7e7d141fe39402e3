"""Tokens of a scope: made on the page and by the command, and asked what they are for."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from annotator.accounts.models import ApiToken
from annotator.actions.models import Action
from annotator.projects.models import Project
from tests import factories
from tests.api.test_tokens import make, program

pytestmark = pytest.mark.django_db


def test_a_program_asks_what_its_token_is_for(project: Project) -> None:
    made = make(project.created_by, scope="read", project_id=project.pk).json()

    present = program(made.pop("token")).get("/api/v1/tokens/present").json()

    assert present["scope"] == "read"
    assert present["project_id"] == project.pk
    assert present["username"] == project.created_by.username
    assert {**present, "last_used_at": None} == {**made, "username": present["username"]}


def test_no_token_is_for_a_project_that_one_is_not_in(project: Project) -> None:
    answer = make(factories.user("eve"), project_id=project.pk)

    assert answer.status_code == 400
    assert answer.json()["fields"]["project_id"]["code"] == "not_found"
    assert ApiToken.objects.count() == 0


def test_the_command_makes_a_token_of_the_scope_that_it_is_told(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    lead = project.created_by

    call_command(
        "create_token", lead.username, "--scope=read", f"--project={project.pk}", "--days=30"
    )

    secret = capsys.readouterr().out.strip()
    token = ApiToken.objects.get()
    assert (token.scope, token.project_id) == ("read", project.pk)
    assert token.expires_at == token.created_at + timedelta(days=30)
    assert secret not in str(ApiToken.objects.values().get())
    assert program(secret).get(f"/api/v1/projects/{project.pk}").status_code == 200
    assert Action.objects.get(verb="token.made").actor is None


@pytest.mark.parametrize(
    "arguments", [["nobody"], ["ada", "--days=0"], ["ada", "--days=367"], ["ada", "--project=1"]]
)
def test_the_command_refuses_in_words_what_it_can_not_make(arguments: list[str]) -> None:
    factories.user("ada")

    with pytest.raises(CommandError):
        call_command("create_token", *arguments)

    assert ApiToken.objects.count() == 0
