"""What happens after: every reaction to the event log, on one screen.

A name is what a reaction's cursor is kept under; `begins` says whether a new one starts with the first event ever or
with the next one.
"""

from __future__ import annotations

from baton.reactions.follow import Begins, Reaction, register
from baton.reactions.log_line import write_lines
from baton.reactions.search_index import index_events

REACTIONS = (
    Reaction("log_line", write_lines, begins=Begins.AT_END),
    Reaction("search_index", index_events),
)

register(REACTIONS)
