"""The client that waits."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Collection, Generator, Iterator, Mapping
from contextlib import suppress
from types import TracebackType
from typing import Any, Self, TypeVar, Unpack

import httpx2
import msgspec

from baton.client import requests
from baton.client.answers import Reply, Silence
from baton.client.calls import Call, Message
from baton.client.connection import TIMEOUT, build_request, checked, reads_body
from baton.client.errors import Refused
from baton.client.exchange import Renew, Send, Step, Wait, carry_out, renew
from baton.client.following import POLL_PAUSE, Following, is_without_stream
from baton.client.requests import ProjectFields, TaskChanges, TaskFields, TaskFilters
from baton.client.retries import Patience
from baton.client.shapes import Comment, Delegation, Event, EventPage, Member, Page, Profile, Project, Task, Tokens
from baton.client.tokens import ApiToken, TokenStore, bearer_of, credential_of

T = TypeVar("T")
R = TypeVar("R")


class Client:
    """Speaks to a Baton server as somebody: by an API token, by the tokens of a log-in, or after `log_in()`.

    `on_tokens` hears of every renewed pair, to store it; a `TokenStore` shares one session between processes. What may
    be repeated is repeated with growing pauses, within `patience`. Safe to use from several threads. Close it,
    or use it in a `with`. All methods raise what `baton.client.errors` lists; making it raises ValueError for an
    address that is none.
    """

    def __init__(
        self,
        url: str,
        *,
        token: str | None = None,
        tokens: Tokens | TokenStore | None = None,
        on_tokens: Callable[[Tokens], object] | None = None,
        patience: Patience | None = None,
        timeout: float = TIMEOUT,
        transport: httpx2.BaseTransport | None = None,
    ) -> None:
        self._credential = credential_of(tokens, token, on_tokens)
        self._on_tokens = on_tokens
        self._patience = patience or Patience()
        self._renewing = threading.Lock()
        self._http = httpx2.Client(base_url=checked(url), timeout=timeout, transport=transport)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    # -- accounts

    def log_in(self, login: str, password: str) -> Tokens:
        """Log in with a username or an e-mail address, and go on as that account."""
        tokens = self.send(requests.log_in(login, password))
        self._credential = credential_of(tokens, None, self._on_tokens)
        return tokens

    def log_out(self) -> None:
        """End the session of the log-in. An API token has none; revoke it where tokens are listed."""
        if self._credential is None or isinstance(self._credential, ApiToken):
            return
        tokens = self._credential.load()
        if tokens is not None:
            self.send(requests.log_out(tokens.refresh))
        self._credential = None

    def get_profile(self) -> Profile:
        """Return one's own account."""
        return self.send(requests.get_profile())

    # -- projects

    def list_projects(self, *, ordering: str | None = None, page_size: int | None = None) -> Iterator[Project]:
        """Yield the projects one sees, page after page."""
        return self._each(requests.list_projects(ordering, page_size))

    def get_project(self, project_id: int) -> Project:
        """Return a project."""
        return self.send(requests.get_project(project_id))

    def create_project(self, name: str, **fields: Unpack[ProjectFields]) -> Project:
        """Make a project."""
        return self.send(requests.create_project(name, fields))

    def list_members(self, project_id: int) -> Iterator[Member]:
        """Yield who belongs to a project."""
        return self._each(requests.list_members(project_id))

    def add_member(self, project_id: int, username: str, *, role: str | None = None) -> None:
        """Add a member, or give one another role."""
        self.send(requests.add_member(project_id, username, role))

    # -- tasks

    def list_tasks(self, *, page_size: int | None = None, **filters: Unpack[TaskFilters]) -> Iterator[Task]:
        """Yield the tasks one sees, page after page."""
        return self._each(requests.list_tasks(filters, page_size))

    def get_task(self, task_id: int) -> Task:
        """Return a task."""
        return self.send(requests.get_task(task_id))

    def create_task(self, project: int, title: str, **fields: Unpack[TaskFields]) -> Task:
        """Create a task."""
        return self.send(requests.create_task(project, title, fields))

    def edit_task(self, task_id: int, *, version: int | None = None, **changes: Unpack[TaskChanges]) -> Task:
        """Change what is given, where the task still has that version."""
        return self.send(requests.edit_task(task_id, changes, version))

    def change_status(self, task_id: int, status: str, *, version: int | None = None) -> Task:
        """Move a task along."""
        return self.send(requests.change_status(task_id, status, version))

    def assign_task(self, task_id: int, people: Collection[int], *, version: int | None = None) -> Task:
        """Have exactly these people work on a task, the first as its lead."""
        return self.send(requests.assign_task(task_id, people, version))

    def trash_task(self, task_id: int, *, version: int | None = None) -> None:
        """Put a task into the trash."""
        self.send(requests.trash_task(task_id, version))

    def list_history(self, task_id: int, *, page_size: int | None = None) -> Iterator[Event]:
        """Yield what happened to a task."""
        return self._each(requests.list_history(task_id, page_size))

    # -- comments and delegations

    def list_comments(self, task_id: int, *, page_size: int | None = None) -> Iterator[Comment]:
        """Yield a task's comments, oldest first."""
        return self._each(requests.list_comments(task_id, page_size))

    def add_comment(self, task_id: int, text: str) -> Comment:
        """Comment on a task."""
        return self.send(requests.add_comment(task_id, text))

    def list_delegations(self, task_id: int) -> Iterator[Delegation]:
        """Yield whom a task was handed to, oldest first."""
        return self._each(requests.list_delegations(task_id))

    def delegate_task(self, task_id: int, to: int, *, note: str = "") -> Delegation:
        """Hand a task on."""
        return self.send(requests.delegate_task(task_id, to, note))

    def answer_delegation(self, delegation_id: int, state: str, *, note: str = "") -> Delegation:
        """Accept, decline or return what was handed on."""
        return self.send(requests.answer_delegation(delegation_id, state, note))

    # -- events

    def poll_events(
        self,
        after: str | None = None,
        *,
        project: int | None = None,
        page_size: int | None = None,
        wait: int | None = None,
    ) -> EventPage:
        """Return the events behind a cursor, or from the first; `wait` seconds for the next where there is none."""
        return self.send(requests.poll_events(after, project, page_size, wait))

    def follow(self, after: str | None = None, *, projects: Collection[int] | None = None) -> Iterator[Event]:
        """Yield every event behind `after` (None: from now; "0-0": from the first), each once, without end.

        Resumes behind the last event after any disconnect. The first connection is tried within the client's patience,
        later ones without end. Raises Resync where the log does not know the cursor, and what any call raises.
        """
        place = Following(after, projects, self._patience)
        while True:
            try:
                yield from self._stream(place)
            except Refused as refusal:
                if not is_without_stream(refusal):
                    raise place.resync_of(refusal) from None
                yield from self._poll(place)
            time.sleep(place.pause())

    # -- everything else

    def request(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, Any] | None = None,
        json: object = msgspec.UNSET,
        version: int | str | None = None,
        idempotency_key: str | None = None,
    ) -> Any:
        """Return the JSON answer to any request below `/api/`, None where there is none."""
        asked = requests.anything(method, path, query, json, version, idempotency_key)
        body = self._reply(asked.message, self._patience).body
        return asked.decode(body) if body else None

    def send(self, call: Call[T]) -> T:
        """Carry a call out and return what it gives."""
        return call.decode(self._reply(call.message, self._patience).body)

    def _each(self, call: Call[Page[T]]) -> Iterator[T]:
        while True:
            page = self.send(call)
            yield from page.results
            if page.next is None:
                return
            call = call.of_next(page.next)

    def _stream(self, place: Following) -> Iterator[Event]:
        response = self._reply(place.stream_message(), place.patience).response
        try:
            # A connection that breaks is no error here: the next one resumes.
            with suppress(httpx2.TransportError):
                for item in httpx2.EventSource(response):
                    event = place.take(item)
                    if event is not None:
                        yield event
        finally:
            response.close()

    def _poll(self, place: Following) -> Iterator[Event]:
        for check in place.check_calls():
            self._poll_page(check, place)
        while True:
            call = place.poll_call()
            started = time.monotonic()
            page = self._poll_page(call, place)
            yield from place.take_page(page)
            # A server that can't wait answers at once.
            if not page.results and time.monotonic() - started < POLL_PAUSE:
                time.sleep(POLL_PAUSE)

    def _poll_page(self, call: Call[EventPage], place: Following) -> EventPage:
        try:
            return call.decode(self._reply(call.message, place.patience).body)
        except Refused as refusal:
            raise place.resync_of(refusal) from None

    def _reply(self, message: Message, patience: Patience) -> Reply:
        return self._run(carry_out(message, patience))

    def _run(self, exchange: Generator[Step, Any, R]) -> R:
        """Do what an exchange asks for, and return its end."""
        outcome: object = None
        while True:
            try:
                step = exchange.send(outcome)
            except StopIteration as end:
                return end.value  # type: ignore[no-any-return]  # R, which StopIteration can't say
            match step:
                case Send(message):
                    outcome = self._ask(message)
                case Wait(seconds):
                    time.sleep(seconds)
                    outcome = None
                case Renew(stale):
                    outcome = self._renew(stale)

    def _ask(self, message: Message) -> Reply | Silence:
        bearer = None if message.is_anonymous else bearer_of(self._credential)
        request = build_request(self._http, message, bearer)
        try:
            response = self._http.send(request, stream=True)
            if reads_body(message, response):
                try:
                    response.read()
                finally:
                    response.close()
        except httpx2.TransportError as error:
            return Silence(error)
        return Reply(response, bearer)

    def _renew(self, stale: str) -> bool:
        store = self._credential
        if store is None or isinstance(store, ApiToken):
            return False
        with self._renewing, store.lock():
            return self._run(renew(store, stale, self._patience))
