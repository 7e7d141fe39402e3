"""What people choose for themselves."""

from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotator.api.schema import ERRORS, StrictSerializer, checked, person
from annotator.api.shapes import Shape, shaped
from annotator.preferences.models import KeySet
from annotator.preferences.selectors import ChosenKeys, keys_of
from annotator.preferences.services import choose_keys


class ChooseKeysSerializer(StrictSerializer):
    """A set of keys, and one's own changes to it."""

    key_set = serializers.ChoiceField(choices=KeySet.choices)
    keys = serializers.DictField(child=serializers.CharField(max_length=60))


class KeysView(APIView):
    """GET shows, PUT chooses."""

    @extend_schema(
        operation_id="get_keys", tags=["me"], responses={200: Shape.of(ChosenKeys), **ERRORS}
    )
    def get(self, request: Request) -> Response:
        """The keys that the caller works with at the desk."""
        return Response(shaped(keys_of(person(request))))

    @extend_schema(
        operation_id="choose_keys",
        tags=["me"],
        request=ChooseKeysSerializer,
        responses={200: Shape.of(ChosenKeys), **ERRORS},
    )
    def put(self, request: Request) -> Response:
        """Keeps the keys that the caller works with."""
        user = person(request)
        sent = checked(ChooseKeysSerializer, request.data)
        choose_keys(user, key_set=KeySet(sent["key_set"]), keys=sent["keys"])
        return Response(shaped(keys_of(user)))


urlpatterns = [path("me/keys", KeysView.as_view())]
