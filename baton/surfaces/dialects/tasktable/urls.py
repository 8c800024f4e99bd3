"""The routes of API TaskTable (000), below the prefix or at the root of a host."""

from __future__ import annotations

from django.urls import URLPattern, path

from baton.surfaces.dialects.tasktable.accounts import Login, Logout, Registration
from baton.surfaces.dialects.tasktable.media import MediaFile, Upload
from baton.surfaces.dialects.tasktable.modules import AddComment, TaskCreation, TaskUpdate
from baton.surfaces.dialects.tasktable.tasks import Front, Resource, Root, Task, TaskComment, Tasks


def in_every_form(route: str, view: type[Resource]) -> list[URLPattern]:
    """Return the route of a resource, and those whose end says the form, as the original's router made them."""
    forms = [path(f"{route}.{known}", view.as_view(known_format=known)) for known in ("json", "api")]
    return [path(f"{route}/", view.as_view()), *forms]


urlpatterns = [
    path("", Front.as_view()),
    path("api/registration/", Registration.as_view()),
    path("api/login/", Login.as_view()),
    path("api/logout/", Logout.as_view()),
    path("api/taskcreation/", TaskCreation.as_view()),
    path("api/taskupdate/", TaskUpdate.as_view()),
    path("api/addcomment/", AddComment.as_view()),
    path("api/", Root.as_view()),
    path("api/.json", Root.as_view(known_format="json")),
    path("api/.api", Root.as_view(known_format="api")),
    *in_every_form("api/tasks", Tasks),
    *in_every_form("api/tasks/<str:task_id>", Task),
    *in_every_form("api/tasks/<str:task_id>/add_comment", TaskComment),
    path("upload/", Upload.as_view()),
    path("mediafiles/<str:name>", MediaFile.as_view()),
]
