"""What WSGI (PEP 3333) calls the environ, made from an ASGI request."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_to_bytes

if TYPE_CHECKING:
    from asgiref.typing import HTTPScope

Environ = dict[str, Any]


def build_environ(scope: HTTPScope) -> Environ:
    """Return the WSGI environ (PEP 3333) of an ASGI request, without its body."""
    server = scope.get("server") or ("localhost", 80)
    client = scope.get("client") or ("", 0)
    raw_path = scope.get("raw_path")
    # A server need not give it, whatever the type says.
    path = unquote_to_bytes(raw_path or scope["path"].encode())
    environ: Environ = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": path.decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "SERVER_NAME": server[0],
        "SERVER_PORT": str(server[1] or 0),
        "REMOTE_ADDR": client[0],
        "REMOTE_PORT": str(client[1]),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.get("scheme", "http"),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    _add_headers(environ, scope["headers"])
    return environ


def _add_headers(environ: Environ, headers: Iterable[tuple[bytes, bytes]]) -> None:
    for name, value in headers:
        # `X_Forwarded_For` would turn into the same key as `X-Forwarded-For`: nobody may write it under a false name.
        if b"_" in name:
            continue
        key = _key_of(name)
        text = value.decode("latin-1")
        if key in environ:
            text = f"{environ[key]}{'; ' if key == 'HTTP_COOKIE' else ','}{text}"
        environ[key] = text


_PLAIN_KEYS: Mapping[bytes, str] = {b"content-length": "CONTENT_LENGTH", b"content-type": "CONTENT_TYPE"}


def _key_of(name: bytes) -> str:
    return _PLAIN_KEYS.get(name) or "HTTP_" + name.decode("latin-1").upper().replace("-", "_")
