"""What the single process serves: the stream natively, everything else through Django's WSGI application in threads."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "baton.settings")

# The settings have to be named before any of these is imported.
from baton.adapters.staging import staging_folder
from baton.lib.wsgi_bridge import WSGIBridge
from baton.live.hub import Hub
from baton.surfaces.stream.application import LiveStream
from baton.wsgi import application as django

if TYPE_CHECKING:
    from asgiref.typing import ASGIReceiveCallable, ASGISendCallable, Scope

http = WSGIBridge(
    django,
    threads=settings.BATON_THREADS,
    max_body=settings.BATON_MAX_UPLOAD,
    # Not the system's folder, which may lie in memory.
    spool=lambda: str(staging_folder()),
)
hub = Hub()
stream = LiveStream(django, hub)


async def application(scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
    """Hand a request or a connection to whoever answers it."""
    if scope["type"] == "lifespan":
        await _live(receive, send)
    elif scope["type"] == "websocket" or stream.takes(scope):
        await stream(scope, receive, send)
    else:
        await http(scope, receive, send)


async def leave() -> None:
    """End the live connections, each with the cursor to go on from: the server is about to stop."""
    await hub.close()


async def _live(receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
    await receive()
    await send({"type": "lifespan.startup.complete"})
    await receive()
    await hub.shut_down()
    stream.close()
    http.close()
    await send({"type": "lifespan.shutdown.complete"})
