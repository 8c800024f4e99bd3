"""The event log: what can happen (catalogue), writing it down (record), reading it in commit order (log)."""
