"""The routes of issue-Tracker-REST (004), below the prefix or at the root of a host."""

from __future__ import annotations

from django.urls import path

from baton.surfaces.dialects.issuetracker.accounts import GetAuthToken
from baton.surfaces.dialects.issuetracker.issues import Issue, Issues

urlpatterns = [
    path("api/user/get_auth_token/", GetAuthToken.as_view()),
    path("api/issue/", Issues.as_view()),
    path("api/issue/<str:issue_id>/", Issue.as_view()),
]
