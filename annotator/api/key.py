"""Whose the pseudonyms of a project's exports are."""

from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotator.accounts.models import Role
from annotator.api.schema import ERRORS, person
from annotator.api.shapes import Shape, shaped
from annotator.core import clock
from annotator.exports.key import PseudonymKey, read_key
from annotator.projects.selectors import project_for


class PseudonymsView(APIView):
    """GET reads the key."""

    @extend_schema(
        operation_id="get_pseudonyms",
        tags=["exports"],
        responses={200: Shape.of(PseudonymKey), **ERRORS},
    )
    def get(self, request: Request, project_id: int) -> Response:
        """Whose the pseudonyms of this project's exports are. For managers; each look is noted."""
        user = person(request)
        project = project_for(user, project_id, Role.MANAGER)
        return Response(shaped(read_key(project, by=user, now=clock.now())))


urlpatterns = [path("projects/<int:project_id>/pseudonyms", PseudonymsView.as_view())]
