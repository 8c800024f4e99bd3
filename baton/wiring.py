"""What happens after: every reaction to the event log, on one screen.

A name is what a reaction's cursor is kept under; `begins` says whether a new one starts with the first event ever or
with the next one.
"""

from __future__ import annotations

from baton.core.commands.notifications import Plan
from baton.core.commands.webhook_queue import REACTION as WEBHOOKS
from baton.core.models.delivery import Channel
from baton.reactions.account_mail import QueueAccountLetters
from baton.reactions.deliver import Sender, register_senders
from baton.reactions.follow import Begins, Reaction, register
from baton.reactions.letters.account import ACCOUNT_LETTERS
from baton.reactions.letters.composing import Composer, register_composers
from baton.reactions.letters.files_going import FILES
from baton.reactions.letters.notices import NOTICES
from baton.reactions.letters.weekly_report import WEEKLY_REPORTS
from baton.reactions.log_line import write_lines
from baton.reactions.mail import by_mail
from baton.reactions.notifications import Notify
from baton.reactions.room import Room
from baton.reactions.rounds import register_rounds
from baton.reactions.search_index import index_events
from baton.reactions.webhooks import QueueForWebhooks, note_outcome, send_to_webhook
from baton.surfaces.dialects.issuetracker import letters as issuetracker
from baton.surfaces.dialects.tasktable import letters as tasktable


def _have_delivered() -> None:
    # Imported when the first delivery is due: a process that only answers requests needs no Celery.
    from baton.jobs.deliver import wake

    wake()


PLANS: dict[str, Plan] = {
    "issuetracker": issuetracker.plan,
    "tasktable": tasktable.plan,
}
"""The dialects' own letters, by surface."""

REACTIONS = (
    Reaction("log_line", write_lines, begins=Begins.AT_END),
    Reaction("account_mail", QueueAccountLetters(_have_delivered), batch=500),
    Reaction("search_index", index_events),
    Reaction(WEBHOOKS, QueueForWebhooks(_have_delivered), begins=Begins.AT_END),
    Reaction("notifications", Notify(PLANS, _have_delivered), begins=Begins.AT_END),
)
SENDERS = {
    Channel.WEBHOOK.value: Sender(send_to_webhook, note_outcome),
    Channel.MAIL.value: by_mail(Room(most=3)),
}
COMPOSERS: dict[str, Composer] = {
    **ACCOUNT_LETTERS,
    **NOTICES,
    **WEEKLY_REPORTS,
    **FILES,
    **issuetracker.COMPOSERS,
    **tasktable.COMPOSERS,
}
"""Who writes which letter."""
ROUNDS = (issuetracker.REPORTS,)
"""What comes round by the clock."""

register(REACTIONS)
register_senders(SENDERS)
register_composers(COMPOSERS)
register_rounds(ROUNDS)
