"""What tells mail programs which letters belong together and how to get rid of them."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings

from baton.core.models import Project, Task


def thread_headers(task: Task) -> dict[str, str]:
    """Return the headers that make all letters about a task one thread: answers to one that never was."""
    thread = f"<task-{task.uuid}@{_host()}>"
    return {"In-Reply-To": thread, "References": thread}


def list_headers(project: Project) -> dict[str, str]:
    """Return the header by which mail programs sort the letters of a project (RFC 2919)."""
    return {"List-Id": f"<{project.key.lower()}.{_host()}>"}


def off_headers(link: str) -> dict[str, str]:
    """Return the headers behind a mail program's own button for no more such letters (RFC 8058)."""
    return {"List-Unsubscribe": f"<{link}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}


def _host() -> str:
    return urlsplit(settings.BATON_BASE_URL).hostname or "localhost"
