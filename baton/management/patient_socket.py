"""uvicorn's WebSocket connection with an end to its patience: a client that reads nothing must not stay for ever."""

from __future__ import annotations

from uvicorn._types import ASGISendEvent
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from baton.management.patient_writing import PatientWriting

# How long the rest of what can't be read is passed over.
REST_SECONDS = 2


class PatientSocket(PatientWriting, WebSocketsSansIOProtocol):
    """A connection that is cut when nobody reads it, and that tells a client why it ends."""

    async def send(self, message: ASGISendEvent) -> None:
        """Send; where that was all of a refusal, note it, or uvicorn logs an error for each."""
        await super().send(message)
        if message["type"] == "websocket.http.response.body" and not message.get("more_body"):
            self.handshake_complete = True

    def handle_parser_exception(self) -> None:
        """Say why the connection ends (1009: the message is too large) and pass over the rest that is on its way.

        Closed at once, with bytes unread, TCP would cut the connection and the client might never read why.
        """
        if self.close_sent:
            return
        close = self.conn.close_sent
        code, reason = (close.code, close.reason) if close else (1002, "")
        self.queue.put_nowait({"type": "websocket.disconnect", "code": code, "reason": reason})
        self.transport.write(b"".join(self.conn.data_to_send()))
        self.close_sent = True
        self.close_timer = self.loop.call_later(REST_SECONDS, self.transport.close)
        if self.read_paused:
            self.read_paused = False
            self.transport.resume_reading()
