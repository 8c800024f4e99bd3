"""The live stream over the event log: WebSocket, Server-Sent Events and the long poll, over ASGI.

What is behind it is `baton.live`: here is only what goes over the wire.
"""
