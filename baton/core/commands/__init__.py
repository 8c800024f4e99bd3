"""Everything Baton can do. Each command finds, checks, changes and records in one transaction.

What a command takes is an `Actor`, ids and values; what it gives is the changed model instance; what it raises is one
of `baton.core.errors`. `expected_version` is the version the caller has read: another one raises `Stale`.
"""
