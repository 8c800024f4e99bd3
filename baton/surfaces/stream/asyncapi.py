"""The AsyncAPI 3 document of the WebSocket, made of the messages' types."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, get_args

import msgspec

from baton import __version__
from baton.surfaces.stream.messages import FromClient, FromServer

Json = dict[str, Any]

ADDRESS = "/ws/stream/"
_SCHEMAS = "#/components/schemas/{name}"
_ABOUT = (
    "Everything that happens in the projects one sees, in the order of the commits, each event with the cursor to go "
    "on from. The handshake takes an `Authorization` header (`Bearer`, an access token or an API token), the session "
    "cookie of a page of this server, or a single-use `ticket` of `POST /api/stream/tickets/`; without one it is "
    "answered 401. Close codes: 1001 the server goes away, 1003 the message is not text, 1007 it can't be read, 1008 "
    "it is not valid or one of too many, 1009 it is larger than 64 KB, 1011 the server failed, 1013 too slow or the "
    "database is out of reach, 4401 the credential has ended, 4408 no subscription in time, 4429 too many connections. "
    "Where there is a place to go on from, the reason ends with `cursor=` and that place."
)


def build_document() -> Json:
    """Return the document."""
    from_client, from_server = get_args(FromClient), get_args(FromServer)
    everything: Sequence[Any] = (*from_client, *from_server)
    _, schemas = msgspec.json.schema_components(everything, ref_template=_SCHEMAS)
    return {
        "asyncapi": "3.0.0",
        "info": {"title": "Baton", "version": __version__, "description": _ABOUT},
        "defaultContentType": "application/json",
        "channels": {
            "stream": {
                "address": ADDRESS,
                "messages": {_name(kind): {"$ref": f"#/components/messages/{_name(kind)}"} for kind in everything},
                "bindings": {"ws": {"method": "GET", "query": _QUERY, "bindingVersion": "0.1.0"}},
            }
        },
        "operations": {
            "hear": _operation("receive", "What a client says.", from_client),
            "tell": _operation("send", "What a client is told.", from_server),
        },
        "components": {
            "messages": {_name(kind): _message(kind) for kind in everything},
            "schemas": schemas,
        },
    }


_QUERY: Json = {"type": "object", "properties": {"ticket": {"type": "string"}}, "additionalProperties": False}


def _operation(action: str, summary: str, kinds: Sequence[Any]) -> Json:
    """Return what this server does: it sends, or it receives."""
    messages = [{"$ref": f"#/channels/stream/messages/{_name(kind)}"} for kind in kinds]
    return {"action": action, "channel": {"$ref": "#/channels/stream"}, "summary": summary, "messages": messages}


def _message(kind: Any) -> Json:
    said = " ".join((kind.__doc__ or "").split())
    payload = {"$ref": _SCHEMAS.format(name=kind.__name__)}
    return {"name": _name(kind), "description": said, "payload": payload}


def _name(kind: Any) -> str:
    return str(kind.__struct_config__.tag)
