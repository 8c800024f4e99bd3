"""The live stream over the event log: WebSocket and Server-Sent Events, served natively over ASGI.

The room is kept and the door is shut: a WebSocket is refused, and no HTTP path is taken yet.
"""
