"""One class a human: what they do, through HTTP, as their browser does it."""

import uuid
from dataclasses import dataclass, field
from typing import Any

from rest_framework.response import Response
from rest_framework.test import APIClient

from annotator.accounts.models import User
from annotator.projects.models import Project
from tests.factories import MPS


def signed_in(user: User) -> APIClient:
    """A client that is this person, with CSRF checks left to their own test."""
    client = APIClient()
    client.force_authenticate(user)
    return client


def mps_answers(choice: str = "a", **others: str) -> dict[str, Any]:
    """An answer to the four dimensions: `choice` for all, single ones by name."""
    return {key: {"choice": others.get(key, choice)} for key in MPS}


@dataclass
class Annotator:
    """`Annotator(user, project).claim().submit(mps_answers("a"))`."""

    user: User
    project: Project
    held: list[dict[str, Any]] = field(default_factory=list)
    last: Response | None = None

    def __post_init__(self) -> None:
        self.client = signed_in(self.user)

    def claim(self, count: int = 1) -> "Annotator":
        """Tops up what they hold."""
        self.last = self.client.post(
            f"/api/v1/projects/{self.project.pk}/claims", {"count": count}, format="json"
        )
        assert self.last.status_code == 200, self.last.content
        self.held = self.last.json()["assignments"]
        return self

    def put(
        self,
        assignment_id: str,
        answers: dict[str, Any],
        *,
        key: str = "",
        hold: object = None,
        first: bool = False,
        **body: Any,
    ) -> Response:
        """One PUT of an annotation; with `hold` it claims along, `first` is no revision."""
        headers = {"Idempotency-Key": key or str(uuid.uuid4())}
        if first:
            headers["If-None-Match"] = "*"
        along = "" if hold is None else f"?hold={hold}"
        return self.client.put(
            f"/api/v1/assignments/{assignment_id}/annotation{along}",
            {"answers": answers, **body},
            format="json",
            headers=headers,
        )

    def submit(self, answers: dict[str, Any], **body: Any) -> "Annotator":
        """Answers the first item that they hold."""
        self.last = self.put(self.held[0]["id"], answers, **body)
        assert self.last.status_code == 201, self.last.content
        self.held = self.held[1:]
        return self


@dataclass
class Reviewer:
    """`Reviewer(user, project).next()`, then `.decide({annotation_id: ("reject", "blurred")})`."""

    user: User
    project: Project

    def __post_init__(self) -> None:
        self.client = signed_in(self.user)

    def next(self) -> dict[str, Any] | None:
        """The next review, or None."""
        answer = self.client.post(f"/api/v1/projects/{self.project.pk}/reviews/claims")
        assert answer.status_code == 200, answer.content
        return answer.json()["review"]

    def decide(self, review: dict[str, Any], **by_annotator: str) -> Response:
        """Accepts all but those named: `A2="blurred"` rejects A2's answer for that reason."""
        verdicts = {}
        for row in review["annotations"]:
            if row["verdict"] is None:
                reason = by_annotator.get(row["annotator"], "")
                verdicts[row["id"]] = {
                    "verdict": "reject" if reason else "accept",
                    "reason": reason,
                }
        return self.client.post(
            f"/api/v1/reviews/{review['id']}/verdicts", {"verdicts": verdicts}, format="json"
        )
