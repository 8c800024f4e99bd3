"""What the older systems have in their databases, and taking it over."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import md5
from io import StringIO

from django.core.management import call_command

from tests.management.importers.old_databases import DECOYS, Table, auth_user, tokens

TOKEN = "b960c34bc063d6ff7706e678531487ca0972a099"


OTHER_TOKEN = "5e45c4c213ca51ff49dc929120cde0fbf1d68180"


ISSUES: Mapping[str, Table] = {
    **DECOYS,
    "auth_user": auth_user(
        (41, "nithin", "first secret", "n@example.org", True),
        (42, "Another user", "second secret", "", True),
        (43, "gone", "third secret", "gone@example.org", False),
    ),
    "authtoken_token": tokens((TOKEN, 41), (OTHER_TOKEN, 43), ("not a token", 42)),
    "issues_issue": (
        (
            "id integer, title varchar(50), description varchar(200), status varchar(10), assigned_to_id integer, "
            "created_by_id integer"
        ),
        [
            (1013, "New issue 101", "Please take care", "open", 42, 41),
            (1014, "New issue 102", "", "closed", 43, 42),
            (1015, "Nobody's", "", "open", 41, 99),
        ],
    ),
}


def run(system: str, url: str, *options: str) -> str:
    """Take over a system; return what was said."""
    out = StringIO()
    call_command("import_from", system, url, *options, stdout=out)
    return out.getvalue()


TASK_COLUMNS = """
id integer, name varchar(200), specification text, due_date date, creator_id integer, performer_id integer,
status varchar(1)
"""


TABLE: Mapping[str, Table] = {
    **DECOYS,
    "auth_user": auth_user(
        (51, "Peter Parker", "secret", "pparker62@gmail.com", True),
        (52, "May", "aunt", "may@example.org", True),
    ),
    "authtoken_token": tokens((TOKEN, 51)),
    "tasktable_task": (
        TASK_COLUMNS,
        [
            (2001, "NY is in danger!", "Venom plans", "2020-12-20", 51, 52, "w"),
            (2002, "Sleep", "", None, 52, None, ""),
        ],
    ),
    "tasktable_comment": (
        "id integer, description text, post_date timestamp, author_id integer, task_id integer",
        [
            (1, "I got faith in you", "2020-12-01 10:20:30", 52, 2001),
            (2, "Thanks", "2020-12-01 10:30:30", 51, 2001),
            (3, "Of nothing", "2020-12-01 10:30:30", 51, 7777),
        ],
    ),
}


MASTER_USER = "6d1f5a60-0000-4000-8000-00000000000a"


MASTER_TASK = "6d1f5a60-0000-4000-8000-00000000000b"


SALT = "pepper & salt"


def salted(password: str, *, before: bool) -> str:
    """Return what taskapi kept of a password, the salt before or behind it."""
    return md5((SALT + password if before else password + SALT).encode()).hexdigest()
