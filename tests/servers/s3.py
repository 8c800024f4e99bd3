"""A server that speaks as much S3 as files need, in this process: objects, ranges, listings and uploads in parts."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

MOMENT = "2026-11-21T10:00:00.000Z"


@dataclass
class Bucket:
    """What the server holds: objects by key, and the parts of unfinished uploads."""

    address: str = ""
    objects: dict[str, bytes] = field(default_factory=dict)
    parts: dict[str, dict[int, bytes]] = field(default_factory=dict)
    asked: list[tuple[str, str, str]] = field(default_factory=list)
    refuses: bool = False


@contextmanager
def s3_server() -> Iterator[Bucket]:
    """Run the server; give its address and its one bucket, called `baton`."""
    bucket = Bucket()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"bucket": bucket}))
    bucket.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield bucket
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    bucket: Bucket
    protocol_version = "HTTP/1.1"

    def do_PUT(self) -> None:
        body = self._body()
        if upload := self._query.get("uploadId"):
            self.bucket.parts[upload][int(self._query["partNumber"])] = body
        else:
            self.bucket.objects[self._key] = body
        self._answer(200, ETag='"tag"')

    def do_POST(self) -> None:
        self._body()
        if "uploads" in self._query:
            self.bucket.parts["one"] = {}
            self._answer(
                200, b"<InitiateMultipartUploadResult><UploadId>one</UploadId></InitiateMultipartUploadResult>"
            )
            return
        parts = self.bucket.parts.pop(self._query["uploadId"])
        self.bucket.objects[self._key] = b"".join(parts[number] for number in sorted(parts))
        self._answer(200, b"<CompleteMultipartUploadResult></CompleteMultipartUploadResult>")

    def do_GET(self) -> None:
        if not self._key:
            self._list()
            return
        content = self.bucket.objects.get(self._key)
        if content is None:
            self._answer(404, b"<Error><Code>NoSuchKey</Code><Message>Gone</Message></Error>")
            return
        asked = self.headers.get("Range")
        if asked is None:
            self._answer(200, content)
            return
        start = int(asked.removeprefix("bytes=").rstrip("-"))
        self._answer(206, content[start:])

    do_HEAD = do_GET  # noqa: N815  # the name that http.server calls

    def do_DELETE(self) -> None:
        self.bucket.objects.pop(self._key, None)
        self._answer(204)

    def log_message(self, *_: Any) -> None:
        self.bucket.asked.append((self.command, self._key, self.headers.get("Range", "")))

    @property
    def _key(self) -> str:
        return unquote(urlsplit(self.path).path).removeprefix("/baton").removeprefix("/")

    @property
    def _query(self) -> dict[str, str]:
        return {name: values[0] for name, values in parse_qs(urlsplit(self.path).query, keep_blank_values=True).items()}

    def _list(self) -> None:
        rows = "".join(
            f"<Contents><Key>{key}</Key><LastModified>{MOMENT}</LastModified><Size>{len(content)}</Size></Contents>"
            for key, content in sorted(self.bucket.objects.items())
        )
        self._answer(200, f"<ListBucketResult><IsTruncated>false</IsTruncated>{rows}</ListBucketResult>".encode())

    def _body(self) -> bytes:
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        if "aws-chunked" not in self.headers.get("Content-Encoding", ""):
            return body
        plain = b""
        while body:
            size, _, body = body.partition(b"\r\n")
            length = int(size.partition(b";")[0], 16)
            if not length:
                break
            plain, body = plain + body[:length], body[length + 2 :]
        return plain

    def _answer(self, status: int, body: bytes = b"", **headers: str) -> None:
        if self.bucket.refuses:
            status, body = 403, b"<Error><Code>AccessDenied</Code><Message>No</Message></Error>"
        self.send_response(status)
        self.send_header("Last-Modified", "Sat, 21 Nov 2026 10:00:00 GMT")
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)
