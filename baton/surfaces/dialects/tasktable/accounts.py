"""`/api/registration/`, `/api/login/`, `/api/logout/`."""

from __future__ import annotations

from django.contrib.auth import login, logout
from rest_framework.request import Request
from rest_framework.response import Response

from baton.core.commands.accounts import register_user
from baton.core.commands.dialect_tokens import issue_dialect_token
from baton.core.commands.sessions import check_login
from baton.core.policies.accounts import must_verify_email
from baton.surfaces.dialects.tasktable.auth import nobody
from baton.surfaces.dialects.tasktable.changes import checked
from baton.surfaces.dialects.tasktable.dialect import NAME
from baton.surfaces.dialects.tasktable.mapping import is_strict
from baton.surfaces.dialects.tasktable.schemas import LoginIn, RegistrationIn
from baton.surfaces.dialects.tasktable.view import FormView, TaskTableView
from baton.surfaces.wire.proxies import network
from baton.surfaces.wire.views import Access

_LOGIN = "baton.surfaces.wire.browser_login.GuardedLogin"


class Registration(FormView):
    """Open an account."""

    access = Access.PUBLIC
    name = "Registration"
    shape = RegistrationIn

    def post(self, request: Request) -> Response:
        """Answer 201 with the new account's token, once no address has to be verified first, and its id.

        The original's newest clients look for the id.
        """
        said = checked(RegistrationIn(data=request.data))
        password = said.pop("password")
        actor = nobody(request)
        user = register_user(actor, password, said, lenient_password=True, any_username=True)  # type: ignore[arg-type]
        answer: dict[str, object] = {}
        if not must_verify_email(user):
            answer["Success. Your authorization token"] = issue_dialect_token(actor, user, NAME)
        if not answer or not is_strict():
            answer["Success. User ID"] = user.pk
        return Response(answer, 201)


class Login(FormView):
    """Log in: this browser from now on, and with the token any client."""

    access = Access.PUBLIC
    name = "Login"
    shape = LoginIn

    def post(self, request: Request) -> Response:
        """Answer with the user's id and token, and set the cookies."""
        said = checked(LoginIn(data=request.data))
        user = check_login(said["username"], said["password"], network(request))
        if user is None:
            return Response({"error": "username or password invalid"}, 400)
        answer: dict[str, object] = {"Login successful. Your user id": user.pk}
        token = issue_dialect_token(nobody(request), user, NAME)
        if not is_strict():
            answer["Authorization"] = f"Token {token}"
        login(request._request, user, backend=_LOGIN)
        return Response(answer)


class Logout(TaskTableView):
    """Log this browser out."""

    access = Access.PUBLIC
    name = "Logout"

    def post(self, request: Request) -> Response:
        """Answer alike for somebody who is not logged in."""
        logout(request._request)
        return Response({"success": "Sucessfully logged out"})
