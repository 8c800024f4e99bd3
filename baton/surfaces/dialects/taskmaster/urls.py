"""The routes of api.taskmaster-django (001), below the prefix or at the root of a host."""

from __future__ import annotations

from django.urls import path

from baton.surfaces.dialects.taskmaster import accounts, socket, tasks

urlpatterns = [
    path("api/v1/auth/register/", accounts.Register.as_view()),
    path("api/v1/auth/login/", accounts.Login.as_view()),
    path("api/v1/auth/logout/", accounts.Logout.as_view()),
    path("api/v1/auth/profile/", accounts.Profile.as_view()),
    path("api/v1/auth/profile/password/", accounts.Password.as_view()),
    path("api/v1/auth/token/verify/", accounts.TokenVerify.as_view()),
    path("api/v1/auth/token/refresh/", accounts.TokenRefresh.as_view()),
    path("api/v1/tasks/", tasks.Tasks.as_view()),
    path("api/v1/tasks/create/", tasks.TaskCreation.as_view()),
    path("ws/tasks/", socket.Socket.as_view()),
    path("api/v1/tasks/<uuid:task_id>/", tasks.Task.as_view()),
]
