"""What comes in, on one screen: every surface and where it is mounted."""

from __future__ import annotations

from django.contrib import admin
from django.urls import include, path

from baton.surfaces.api.avatars import AvatarPicture
from baton.surfaces.api.calendars import Calendar
from baton.surfaces.api.problem_pages import Problem, Problems
from baton.surfaces.wire.dialects.mounting import mounted

urlpatterns = [
    path("", include("baton.surfaces.health.urls")),
    path("api/", include("baton.surfaces.api.urls")),
    path("", include("baton.surfaces.stream.urls")),
    path("media/avatars/<str:name>", AvatarPicture.as_view()),
    path("calendar/<str:secret>.ics", Calendar.as_view()),
    path("letters/", include("baton.surfaces.letters.urls")),
    path("problems/", Problems.as_view()),
    path("problems/<str:code>", Problem.as_view()),
    path("admin/", admin.site.urls),
    *mounted("tasktable"),
    *mounted("taskmaster"),
    *mounted("taskapi"),
    *mounted("issuetracker"),
]

handler400 = "baton.surfaces.wire.last_resort.bad_request"
handler403 = "baton.surfaces.wire.last_resort.permission_denied"
handler404 = "baton.surfaces.wire.last_resort.page_not_found"
handler500 = "baton.surfaces.wire.last_resort.server_error"
