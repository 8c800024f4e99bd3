"""Forms with files, sent through Django's test client."""

from __future__ import annotations

from typing import Any

from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT

from baton.core.models import User
from tests.factories import bearer


class Sender:
    """Sends forms as a user with a session of their own."""

    def __init__(self, user: User) -> None:
        self.client = Client(raise_request_exception=False)
        self.credential: dict[str, Any] = bearer(user)

    def get(self, path: str, **headers: Any) -> Any:
        """Return the answer, its whole body as `body`, streamed or not."""
        answer: Any = self.client.get(path, **self.credential, **headers)
        answer.body = answer.getvalue()  # read to its end, which closes it
        return answer

    def delete(self, path: str, **headers: Any) -> Any:
        return self.client.delete(path, **self.credential, **headers)

    def send(self, path: str, body: bytes, method: str = "POST", **headers: Any) -> Any:
        return self.client.generic(method, path, body, MULTIPART_CONTENT, **self.credential, **headers)

    def attach(self, task_id: int, content: bytes = b"Hello", name: str = "notes.txt", **headers: Any) -> Any:
        return self.send(f"/api/tasks/{task_id}/attachments/", form(("file", name, content)), **headers)


def form(*files: tuple[str, str, bytes], fields: dict[str, str] | None = None, whole: bool = True) -> bytes:
    """Return a form; names are written as a browser does, and without its last line where it is not `whole`."""
    parts = [_part(f'name="{name}"', value.encode()) for name, value in (fields or {}).items()]
    parts += [_part(f'name="{field}"; filename="{_escaped(name)}"', content) for field, name, content in files]
    return b"".join(parts) + (f"--{BOUNDARY}--\r\n".encode() if whole else b"")


def _part(disposition: str, content: bytes) -> bytes:
    head = f"--{BOUNDARY}\r\nContent-Disposition: form-data; {disposition}\r\n\r\n"
    return head.encode("utf-8", "surrogatepass") + content + b"\r\n"


def _escaped(name: str) -> str:
    return name.replace("\\", "\\\\").replace("\r", "%0D").replace("\n", "%0A").replace('"', "%22")
