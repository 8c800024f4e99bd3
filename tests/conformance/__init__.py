"""Schemathesis against the real application: what the document promises is what the server does."""
