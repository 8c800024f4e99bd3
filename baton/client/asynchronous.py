"""The client for asyncio. What it does beside awaiting is `exchange.py` and `following.py`, as in `blocking.py`."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Collection, Generator, Mapping
from contextlib import aclosing, suppress
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


class AsyncClient:
    """Speaks to a Baton server as somebody: by an API token, by the tokens of a log-in, or after `log_in()`.

    `on_tokens` hears of every renewed pair, to store it; a `TokenStore` shares one session between processes. What may
    be repeated is repeated with growing pauses, within `patience`. Safe to use from several tasks. Close it,
    or use it in an `async with`. All methods raise what `baton.client.errors` lists; making it raises ValueError for an
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
        transport: httpx2.AsyncBaseTransport | None = None,
    ) -> None:
        self._credential = credential_of(tokens, token, on_tokens)
        self._on_tokens = on_tokens
        self._patience = patience or Patience()
        self._renewing = asyncio.Lock()
        self._http = httpx2.AsyncClient(base_url=checked(url), timeout=timeout, transport=transport)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    # -- accounts

    async def log_in(self, login: str, password: str) -> Tokens:
        """Log in with a username or an e-mail address, and go on as that account."""
        tokens = await self.send(requests.log_in(login, password))
        self._credential = credential_of(tokens, None, self._on_tokens)
        return tokens

    async def log_out(self) -> None:
        """End the session of the log-in. An API token has none; revoke it where tokens are listed."""
        if self._credential is None or isinstance(self._credential, ApiToken):
            return
        tokens = self._credential.load()
        if tokens is not None:
            await self.send(requests.log_out(tokens.refresh))
        self._credential = None

    async def get_profile(self) -> Profile:
        """Return one's own account."""
        return await self.send(requests.get_profile())

    # -- projects

    def list_projects(self, *, ordering: str | None = None, page_size: int | None = None) -> AsyncIterator[Project]:
        """Yield the projects one sees, page after page."""
        return self._each(requests.list_projects(ordering, page_size))

    async def get_project(self, project_id: int) -> Project:
        """Return a project."""
        return await self.send(requests.get_project(project_id))

    async def create_project(self, name: str, **fields: Unpack[ProjectFields]) -> Project:
        """Make a project."""
        return await self.send(requests.create_project(name, fields))

    def list_members(self, project_id: int) -> AsyncIterator[Member]:
        """Yield who belongs to a project."""
        return self._each(requests.list_members(project_id))

    async def add_member(self, project_id: int, username: str, *, role: str | None = None) -> None:
        """Add a member, or give one another role."""
        await self.send(requests.add_member(project_id, username, role))

    # -- tasks

    def list_tasks(self, *, page_size: int | None = None, **filters: Unpack[TaskFilters]) -> AsyncIterator[Task]:
        """Yield the tasks one sees, page after page."""
        return self._each(requests.list_tasks(filters, page_size))

    async def get_task(self, task_id: int) -> Task:
        """Return a task."""
        return await self.send(requests.get_task(task_id))

    async def create_task(self, project: int, title: str, **fields: Unpack[TaskFields]) -> Task:
        """Create a task."""
        return await self.send(requests.create_task(project, title, fields))

    async def edit_task(self, task_id: int, *, version: int | None = None, **changes: Unpack[TaskChanges]) -> Task:
        """Change what is given, where the task still has that version."""
        return await self.send(requests.edit_task(task_id, changes, version))

    async def change_status(self, task_id: int, status: str, *, version: int | None = None) -> Task:
        """Move a task along."""
        return await self.send(requests.change_status(task_id, status, version))

    async def assign_task(self, task_id: int, people: Collection[int], *, version: int | None = None) -> Task:
        """Have exactly these people work on a task, the first as its lead."""
        return await self.send(requests.assign_task(task_id, people, version))

    async def trash_task(self, task_id: int, *, version: int | None = None) -> None:
        """Put a task into the trash."""
        await self.send(requests.trash_task(task_id, version))

    def list_history(self, task_id: int, *, page_size: int | None = None) -> AsyncIterator[Event]:
        """Yield what happened to a task."""
        return self._each(requests.list_history(task_id, page_size))

    # -- comments and delegations

    def list_comments(self, task_id: int, *, page_size: int | None = None) -> AsyncIterator[Comment]:
        """Yield a task's comments, oldest first."""
        return self._each(requests.list_comments(task_id, page_size))

    async def add_comment(self, task_id: int, text: str) -> Comment:
        """Comment on a task."""
        return await self.send(requests.add_comment(task_id, text))

    def list_delegations(self, task_id: int) -> AsyncIterator[Delegation]:
        """Yield whom a task was handed to, oldest first."""
        return self._each(requests.list_delegations(task_id))

    async def delegate_task(self, task_id: int, to: int, *, note: str = "") -> Delegation:
        """Hand a task on."""
        return await self.send(requests.delegate_task(task_id, to, note))

    async def answer_delegation(self, delegation_id: int, state: str, *, note: str = "") -> Delegation:
        """Accept, decline or return what was handed on."""
        return await self.send(requests.answer_delegation(delegation_id, state, note))

    # -- events

    async def poll_events(
        self,
        after: str | None = None,
        *,
        project: int | None = None,
        page_size: int | None = None,
        wait: int | None = None,
    ) -> EventPage:
        """Return the events behind a cursor, or from the first; `wait` seconds for the next where there is none."""
        return await self.send(requests.poll_events(after, project, page_size, wait))

    async def follow(
        self, after: str | None = None, *, projects: Collection[int] | None = None
    ) -> AsyncIterator[Event]:
        """Yield every event behind `after` (None: from now; "0-0": from the first), each once, without end.

        Resumes behind the last event after any disconnect. The first connection is tried within the client's patience,
        later ones without end. Raises Resync where the log does not know the cursor, and what any call raises.
        """
        place = Following(after, projects, self._patience)
        while True:
            try:
                async with aclosing(self._stream(place)) as events:
                    async for event in events:
                        yield event
            except Refused as refusal:
                if not is_without_stream(refusal):
                    raise place.resync_of(refusal) from None
                async with aclosing(self._poll(place)) as events:
                    async for event in events:
                        yield event
            await asyncio.sleep(place.pause())

    # -- everything else

    async def request(
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
        body = (await self._reply(asked.message, self._patience)).body
        return asked.decode(body) if body else None

    async def send(self, call: Call[T]) -> T:
        """Carry a call out and return what it gives."""
        return call.decode((await self._reply(call.message, self._patience)).body)

    async def _each(self, call: Call[Page[T]]) -> AsyncIterator[T]:
        while True:
            page = await self.send(call)
            for each in page.results:
                yield each
            if page.next is None:
                return
            call = call.of_next(page.next)

    async def _stream(self, place: Following) -> AsyncGenerator[Event, None]:
        response = (await self._reply(place.stream_message(), place.patience)).response
        try:
            # A connection that breaks is no error here: the next one resumes.
            with suppress(httpx2.TransportError):
                async for item in httpx2.EventSource(response):
                    event = place.take(item)
                    if event is not None:
                        yield event
        finally:
            await response.aclose()

    async def _poll(self, place: Following) -> AsyncGenerator[Event, None]:
        for check in place.check_calls():
            await self._poll_page(check, place)
        while True:
            call = place.poll_call()
            started = time.monotonic()
            page = await self._poll_page(call, place)
            for event in place.take_page(page):
                yield event
            # A server that can't wait answers at once.
            if not page.results and time.monotonic() - started < POLL_PAUSE:
                await asyncio.sleep(POLL_PAUSE)

    async def _poll_page(self, call: Call[EventPage], place: Following) -> EventPage:
        try:
            return call.decode((await self._reply(call.message, place.patience)).body)
        except Refused as refusal:
            raise place.resync_of(refusal) from None

    async def _reply(self, message: Message, patience: Patience) -> Reply:
        return await self._run(carry_out(message, patience))

    async def _run(self, exchange: Generator[Step, Any, R]) -> R:
        """Do what an exchange asks for, and return its end."""
        outcome: object = None
        while True:
            try:
                step = exchange.send(outcome)
            except StopIteration as end:
                return end.value  # type: ignore[no-any-return]  # R, which StopIteration can't say
            match step:
                case Send(message):
                    outcome = await self._ask(message)
                case Wait(seconds):
                    await asyncio.sleep(seconds)
                    outcome = None
                case Renew(stale):
                    outcome = await self._renew(stale)

    async def _ask(self, message: Message) -> Reply | Silence:
        bearer = None if message.is_anonymous else bearer_of(self._credential)
        request = build_request(self._http, message, bearer)
        try:
            response = await self._http.send(request, stream=True)
            if reads_body(message, response):
                try:
                    await response.aread()
                finally:
                    await response.aclose()
        except httpx2.TransportError as error:
            return Silence(error)
        return Reply(response, bearer)

    async def _renew(self, stale: str) -> bool:
        store = self._credential
        if store is None or isinstance(store, ApiToken):
            return False
        async with self._renewing:
            lock = store.lock()
            # Another process may hold it for a while, and the loop must not wait with us.
            await asyncio.to_thread(lock.__enter__)
            try:
                return await self._run(renew(store, stale, self._patience))
            finally:
                lock.__exit__(None, None, None)
