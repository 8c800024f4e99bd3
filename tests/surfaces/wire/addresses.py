"""Views that use the kit as a surface does; each address is there for one thing that the tests ask."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, ClassVar

import msgspec
from django.core import exceptions as django_errors
from django.db import OperationalError, connection
from django.http import Http404, HttpRequest, HttpResponse, QueryDict, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.urls import path
from rest_framework import exceptions as drf
from rest_framework import serializers
from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request
from rest_framework.response import Response

from baton.core import errors
from baton.core.actor import Actor
from baton.core.models import Session, User
from baton.core.queries.listing import Slice
from baton.surfaces.wire import fields, routes
from baton.surfaces.wire.etags import etag, is_unchanged, not_modified, required_version
from baton.surfaces.wire.inputs import In
from baton.surfaces.wire.paging import Listing, PageRequest, page_response
from baton.surfaces.wire.query_parameters import (
    one_of,
    read_bool,
    read_id,
    read_moment,
    read_person,
    some_of,
    words,
)
from baton.surfaces.wire.refusals import Refused
from baton.surfaces.wire.respond import json_response, no_content
from baton.surfaces.wire.views import Access, BatonView

assert routes.LARGEST_ID  # importing it registers `<id:…>`


class BySession(BaseAuthentication):
    """The caller names a session row; a real credential would carry the same three numbers, signed."""

    def authenticate(self, request: Request) -> tuple[Actor, None] | None:
        """Return the actor of the row that X-Session names."""
        session_id = request.META.get("HTTP_X_SESSION")
        if session_id is None:
            return None
        session = Session.objects.select_related("user").filter(pk=session_id).first()
        if session is None:
            raise drf.AuthenticationFailed
        return Actor(session.user_id, session.pk, session.user.token_epoch), None


def _sent(request: Request, name: str) -> str:
    data = request.data
    assert not isinstance(data, list)
    return str(data[name])


class SignedIn(BatonView):
    access = Access.SIGNED_IN
    authentication_classes = (BySession,)


class Echo(BatonView):
    access = Access.PUBLIC
    authentication_classes = (BySession,)

    def post(self, request: Request) -> HttpResponse:
        data = request.data
        if isinstance(data, QueryDict):
            return json_response({"data": {name: [str(value) for value in values] for name, values in data.lists()}})
        return json_response({"data": data})


class EmptyAllowed(Echo):
    takes_empty_body = True


class Me(SignedIn):
    hot = frozenset({"get"})

    def get(self, request: Request) -> HttpResponse:
        return json_response({"id": self.actor.user_id})

    def delete(self, request: Request) -> HttpResponse:
        return no_content()


class MemberIn(In):
    role = serializers.ChoiceField(["owner", "editor"])


class ThingIn(In):
    echo: ClassVar[frozenset[str]] = frozenset({"id", "version"})
    title = fields.Text(max_length=20)
    note = fields.Text(allow_blank=True, null_as="", default="")
    size = fields.Int(required=False)
    owner = fields.Id(allow_null=True, required=False)
    is_open = fields.Bool(required=False)
    due_date = fields.Moment(allow_null=True, required=False)
    members = MemberIn(many=True, required=False)


class Thing(BatonView):
    access = Access.PUBLIC

    def post(self, request: Request) -> HttpResponse:
        return json_response(ThingIn.read(request))

    put = patch = post


class Tagged(BatonView):
    access = Access.PUBLIC
    version = 7

    def get(self, request: Request) -> HttpResponse:
        tag = etag(self.version, 2, 0)
        if is_unchanged(request, tag):
            return not_modified(tag)
        return json_response({"version": self.version}, headers={"ETag": tag})

    def patch(self, request: Request) -> HttpResponse:
        expected = required_version(request)
        if expected is not None and expected != self.version:
            raise errors.Stale
        return json_response({"version": self.version + 1})


class Row(msgspec.Struct):
    id: int
    at: datetime


ROWS = [Row(number, datetime(2026, 5, number, tzinfo=UTC)) for number in range(1, 8)]

ROWS_LISTING = Listing(
    filters={
        "project": read_id,
        "mine": read_bool,
        "status": some_of("todo", "done"),
        "kind": one_of("a", "b"),
        "after": read_moment,
        "who": read_person,
        "search": words(20),
    },
    orderings={"at": (datetime | None, int), "id": (int,), "title": (str, int)},
    default="-at",
)


class Rows(BatonView):
    access = Access.PUBLIC

    def get(self, request: Request) -> HttpResponse:
        _filters, page = ROWS_LISTING.read(request)
        found = _slice(page)
        return page_response(
            request,
            page,
            found.items,
            next_keys=found.next_keys,
            previous_keys=found.previous_keys,
            count=len(ROWS) if page.count else None,
        )


def _slice(page: PageRequest) -> Slice[Row]:
    """Page through ROWS as `run_page` pages through a table."""
    is_down = page.ordering.startswith("-") is not page.backwards
    rows = sorted(ROWS, key=lambda row: row.id, reverse=is_down)
    if page.after is not None:
        last_id = page.after[-1]
        rows = [row for row in rows if (row.id < last_id if is_down else row.id > last_id)]
    has_more, shown = len(rows) > page.size, rows[: page.size]
    if page.backwards:
        shown.reverse()
    has_next, has_previous = (True, has_more) if page.backwards else (has_more, page.after is not None)
    first, last = shown[0], shown[-1]
    return Slice(shown, (last.at, last.id) if has_next else None, (first.at, first.id) if has_previous else None)


class Register(SignedIn):
    """Makes one user per call, which the idempotency tests count."""

    def post(self, request: Request) -> HttpResponseBase:
        name = _sent(request, "name")
        made = User.objects.create_user(name)
        if name.startswith("refused"):
            return json_response({"refused": name}, 400)
        if name.startswith("raises"):
            raise errors.Conflict
        if name.startswith("streamed"):
            return StreamingHttpResponse([b"x"])
        answer = json_response({"id": made.pk, "name": name}, 201, {"ETag": '"1"', "Location": f"/users/{made.pk}/"})
        answer.set_cookie("secret", "of this exchange")
        return answer


class RegisterHot(Register):
    hot = frozenset({"post"})


class RegisterSecretly(Register):
    idempotent = False


class Upload(SignedIn):
    def post(self, request: Request) -> HttpResponse:
        made = User.objects.create_user(_sent(request, "name"))
        return json_response({"id": made.pk, "read": request.FILES["file"].read().decode()}, 201)


class UsesDrfResponse(SignedIn):
    def post(self, request: Request) -> Response:
        return Response({"ok": True}, 201, headers={"Location": "/x/"})


class _Throttled(drf.Throttled):
    pass


RAISED: dict[str, Any] = {
    "not-found": errors.NotFound,
    "denied": errors.Denied,
    "dead": errors.DeadCredential,
    "conflict": lambda: errors.Conflict("It is in the way.", code="in_the_way"),
    "stale": errors.Stale,
    "invalid": lambda: errors.Invalid(
        errors=[
            errors.FieldError("/title", "max_length", "Too long."),
            errors.FieldError("/parent", "cycle", "A cycle."),
        ]
    ),
    "drf-validation": lambda: drf.ValidationError({"a/b": ["wrong"], "members": [{}, {"role": ["bad"]}]}, code="odd"),
    "drf-list": lambda: drf.ValidationError(["one", "two"]),
    "drf-parse": drf.ParseError,
    "drf-not-authenticated": drf.NotAuthenticated,
    "drf-authentication-failed": drf.AuthenticationFailed,
    "drf-permission": drf.PermissionDenied,
    "drf-not-found": drf.NotFound,
    "drf-not-acceptable": drf.NotAcceptable,
    "drf-media": lambda: drf.UnsupportedMediaType("text/plain"),
    "drf-throttled": lambda: drf.Throttled(wait=2.3),
    "django-404": Http404,
    "django-permission": django_errors.PermissionDenied,
    "django-suspicious": lambda: django_errors.SuspiciousOperation("secret detail"),
    "django-bad-request": lambda: django_errors.BadRequest("secret detail"),
    "too-big": django_errors.RequestDataTooBig,
    "too-many-fields": django_errors.TooManyFieldsSent,
    "refused": lambda: Refused(422, "odd", "Odd.", Retry_After="9"),
    "operational": lambda: OperationalError("could not connect to server: secret detail"),
    "bug": lambda: ZeroDivisionError("secret detail"),
    "surrogate": lambda: ValueError("\ud800 secret detail"),
}


class Raises(BatonView):
    access = Access.PUBLIC

    def get(self, request: Request, kind: str) -> HttpResponse:
        error = RAISED[kind]()
        raise error


class Statement(BatonView):
    access = Access.PUBLIC

    def post(self, request: Request) -> HttpResponse:
        with connection.cursor() as cursor:
            cursor.execute(_sent(request, "sql"))
        return no_content()


class ById(BatonView):
    access = Access.PUBLIC

    def get(self, request: Request, thing_id: int) -> HttpResponse:
        return json_response({"id": thing_id})


def plain(request: HttpRequest, kind: str) -> HttpResponse:
    """A Django view that never heard of the kit."""
    error = RAISED[kind]()
    raise error


def gone(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """A middleware that finds no database."""

    def middleware(request: HttpRequest) -> HttpResponse:
        raise RAISED[request.GET["kind"]]()  # noqa: RSE102  # a callable that makes one

    return middleware


def page(request: HttpRequest) -> HttpResponse:
    """A page for people."""
    return HttpResponse("<p>broken</p>", status=400)


def form(request: HttpRequest) -> HttpResponse:
    """A Django view under CSRF protection."""
    return HttpResponse("ok")


urlpatterns = [
    path("api/echo/", Echo.as_view()),
    path("api/empty/", EmptyAllowed.as_view()),
    path("api/me/", Me.as_view()),
    path("api/thing/", Thing.as_view()),
    path("api/tagged/", Tagged.as_view()),
    path("api/rows/", Rows.as_view()),
    path("api/users/", Register.as_view()),
    path("api/users-hot/", RegisterHot.as_view()),
    path("api/users-secret/", RegisterSecretly.as_view()),
    path("api/upload/", Upload.as_view()),
    path("api/drf-response/", UsesDrfResponse.as_view()),
    path("api/raises/<str:kind>/", Raises.as_view()),
    path("api/sql/", Statement.as_view()),
    path("api/things/<id:thing_id>/", ById.as_view()),
    path("plain/<str:kind>/", plain),
    path("admin/plain/<str:kind>/", plain),
    path("admin/page/", page),
    path("form/", form),
    path("page/", page),
]

handler400 = "baton.surfaces.wire.last_resort.bad_request"
handler403 = "baton.surfaces.wire.last_resort.permission_denied"
handler404 = "baton.surfaces.wire.last_resort.page_not_found"
handler500 = "baton.surfaces.wire.last_resort.server_error"
