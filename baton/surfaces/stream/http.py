"""Live connections over HTTP: Server-Sent Events, and the long poll of `/api/events/`."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from typing import TYPE_CHECKING, Any

from baton.live.hub import Hub
from baton.live.subscription import Listener
from baton.live.told import Ready
from baton.surfaces.stream.server_sent import BEGINNING, write_frame
from baton.surfaces.wire.going_live import Invitation
from baton.surfaces.wire.handshakes import Handshakes, Reply

if TYPE_CHECKING:
    from asgiref.typing import ASGIReceiveCallable, ASGISendCallable, HTTPScope

QUIET_SECONDS = 25.0


async def answer_live(
    hub: Hub, handshakes: Handshakes, scope: HTTPScope, receive: ASGIReceiveCallable, send: ASGISendCallable
) -> None:
    """Answer a GET that may go on live: Django says whether it does, and how it begins."""
    reply = await handshakes.ask(scope)
    if reply.invitation is None:
        await reply.send(send)
        return
    async with hub.seat(reply.invitation.actor.person):
        if reply.invitation.seconds is None:
            await _until_gone(receive, lambda: _stream(hub, reply, send))
        elif await _until_gone(receive, lambda: _wait(hub, reply.invitation)):
            # What has come since is asked for in the way of any other request, with its checks.
            await (await handshakes.ask(scope, may_go_live=False)).send(send)


async def _stream(hub: Hub, reply: Reply, send: ASGISendCallable) -> None:
    headers = [(name, value) for name, value in reply.headers if name != b"content-length"]
    start: Any = {"type": "http.response.start", "status": 200, "headers": headers, "trailers": False}
    await send(start)
    await _send_more(send, BEGINNING)
    invitation = reply.invitation
    assert invitation is not None  # noqa: S101  # the caller has looked
    async with (
        hub.subscribe(_listener(invitation, has_presence=True), invitation.after) as subscription,
        aclosing(subscription.frames(QUIET_SECONDS)) as frames,
    ):
        async for frame in frames:
            if said := write_frame(frame):
                await _send_more(send, said)
    await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _send_more(send: ASGISendCallable, said: bytes) -> None:
    await send({"type": "http.response.body", "body": said, "more_body": True})


async def _wait(hub: Hub, invitation: Invitation | None) -> None:
    """Return when there is something to tell, or the time is up."""
    assert invitation is not None  # noqa: S101  # the caller has looked
    async with (
        hub.subscribe(_listener(invitation, has_presence=False), invitation.after) as subscription,
        aclosing(subscription.frames(invitation.seconds or 0)) as frames,
    ):
        async for frame in frames:
            if not isinstance(frame, Ready):
                return


async def _until_gone(receive: ASGIReceiveCallable, act: Callable[[], Awaitable[None]]) -> bool:
    """Do it until it is done or the client has gone; return whether it was done."""
    doing = asyncio.ensure_future(act())
    leaving = asyncio.ensure_future(_gone(receive))
    try:
        await asyncio.wait((doing, leaving), return_when=asyncio.FIRST_COMPLETED)
        if doing.done():
            doing.result()
        return doing.done()
    finally:
        for task in (doing, leaving):
            task.cancel()
        await asyncio.gather(doing, leaving, return_exceptions=True)


async def _gone(receive: ASGIReceiveCallable) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _listener(invitation: Invitation, *, has_presence: bool) -> Listener:
    return Listener(invitation.actor, invitation.credential, invitation.projects, has_presence)
