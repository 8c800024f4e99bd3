"""What queries give: the product's things as people read them, in the key order of the native API.

They are msgspec Structs so that a surface can put them on the wire as they are.
"""

from baton.core.queries.shapes.access import ApiToken, NewApiToken, Session
from baton.core.queries.shapes.board import Board, BoardColumn, BoardProject
from baton.core.queries.shapes.delegations import Delegation
from baton.core.queries.shapes.deliveries import Attempt, Delivery
from baton.core.queries.shapes.events import Event, Trashed
from baton.core.queries.shapes.notifications import Hours, Notification, NotificationSettings, ProjectName, TaskName
from baton.core.queries.shapes.people import Account, Person, Profile, avatar_url, person_columns, person_or_none
from baton.core.queries.shapes.projects import Invitation, Member, Project
from baton.core.queries.shapes.search import Found, FoundTask
from baton.core.queries.shapes.shape import Shape
from baton.core.queries.shapes.talk import Attachment, Comment, attachment_url
from baton.core.queries.shapes.tasks import InboxTask, Statistics, Task
from baton.core.queries.shapes.told import Told
from baton.core.queries.shapes.webhooks import NewWebhook, Webhook

__all__ = [
    "Account",
    "ApiToken",
    "Attachment",
    "Attempt",
    "Board",
    "BoardColumn",
    "BoardProject",
    "Comment",
    "Delegation",
    "Delivery",
    "Event",
    "Found",
    "FoundTask",
    "Hours",
    "InboxTask",
    "Invitation",
    "Member",
    "NewApiToken",
    "NewWebhook",
    "Notification",
    "NotificationSettings",
    "Person",
    "Profile",
    "Project",
    "ProjectName",
    "Session",
    "Shape",
    "Statistics",
    "Task",
    "TaskName",
    "Told",
    "Trashed",
    "Webhook",
    "attachment_url",
    "avatar_url",
    "person_columns",
    "person_or_none",
]
