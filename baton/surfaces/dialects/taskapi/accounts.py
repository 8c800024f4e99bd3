"""`/register` and `/get-token`."""

from __future__ import annotations

from django.http import HttpResponse
from rest_framework.request import Request

from baton.core.commands.accounts import register_user
from baton.core.commands.sessions import check_login
from baton.surfaces.dialects.taskapi.auth import nobody, token_of
from baton.surfaces.dialects.taskapi.errors import INCORRECT_DATA, Incorrect, json_answer
from baton.surfaces.dialects.taskapi.forms import read_form
from baton.surfaces.dialects.taskapi.schemas import read_login, read_new_login
from baton.surfaces.dialects.taskapi.view import TaskApiView
from baton.surfaces.wire.proxies import network
from baton.surfaces.wire.views import Access


class Register(TaskApiView):
    """`POST` a login and a password."""

    access = Access.PUBLIC

    def post(self, request: Request) -> HttpResponse:
        """Open an account: 200 with its token."""
        said = read_new_login(read_form(request))
        user = register_user(
            nobody(request),
            said["password"],
            {"username": said["login"]},
            lenient_password=True,
            any_username=True,
        )
        return json_answer({"access_token": token_of(user)})


class GetToken(TaskApiView):
    """`POST` a login and a password."""

    access = Access.PUBLIC
    error_key = "auth_error"

    def post(self, request: Request) -> HttpResponse:
        """Answer with the token; alike for nobody's login and for a wrong password."""
        said = read_login(read_form(request))
        user = check_login(said["login"], said["password"], network(request))
        if user is None:
            raise Incorrect(INCORRECT_DATA)
        return json_answer({"access_token": token_of(user)})
