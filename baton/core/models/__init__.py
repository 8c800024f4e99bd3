"""One noun per file: facts and constraints."""

from baton.core.models.api_token import ApiToken
from baton.core.models.attachment import Attachment
from baton.core.models.attachment_farewell import AttachmentFarewell
from baton.core.models.comment import Comment
from baton.core.models.delegation import Delegation
from baton.core.models.delivery import Attempt, Delivery
from baton.core.models.dialect_token import DialectToken
from baton.core.models.event import Event, LogEra
from baton.core.models.feed import CalendarFeed
from baton.core.models.guess import Guess
from baton.core.models.idempotency_key import IdempotencyKey
from baton.core.models.invitation import Invitation
from baton.core.models.job_run import JobRun
from baton.core.models.job_slot import JobSlot
from baton.core.models.label import Label, TaskLabel
from baton.core.models.notification import MailHours, Notification, NotificationSetting
from baton.core.models.old_id import OldId
from baton.core.models.origin import Origin
from baton.core.models.project import Member, Project, Role
from baton.core.models.reaction_cursor import ReactionCursor
from baton.core.models.report_subscription import ReportSubscription
from baton.core.models.search import SearchEntry, SearchTrigram, SearchWord
from baton.core.models.session import Session
from baton.core.models.shared_file import SharedFile
from baton.core.models.stream_ticket import StreamTicket
from baton.core.models.tally import Tally
from baton.core.models.task import Assignment, Priority, Status, Task, Watcher
from baton.core.models.unwanted_letter import UnwantedLetter
from baton.core.models.user import User
from baton.core.models.webhook import Webhook

__all__ = [
    "ApiToken",
    "Assignment",
    "Attachment",
    "AttachmentFarewell",
    "Attempt",
    "CalendarFeed",
    "Comment",
    "Delegation",
    "Delivery",
    "DialectToken",
    "Event",
    "Guess",
    "IdempotencyKey",
    "Invitation",
    "JobRun",
    "JobSlot",
    "Label",
    "LogEra",
    "MailHours",
    "Member",
    "Notification",
    "NotificationSetting",
    "OldId",
    "Origin",
    "Priority",
    "Project",
    "ReactionCursor",
    "ReportSubscription",
    "Role",
    "SearchEntry",
    "SearchTrigram",
    "SearchWord",
    "Session",
    "SharedFile",
    "Status",
    "StreamTicket",
    "Tally",
    "Task",
    "TaskLabel",
    "UnwantedLetter",
    "User",
    "Watcher",
    "Webhook",
]
