"""Refusals in the framework's form, with this dialect's sentences."""

from __future__ import annotations

from dataclasses import replace

from baton.surfaces.wire.dialects.rest_errors import RestErrors

NO_RIGHT = "Failure! You don't have permission to edit this task."
NOBODY = "there is no user with that username"
NAME_TAKEN = "a task with the same name already exists, try a another name"

# No challenge: with the session first, whoever is not logged in is told 403.
REFUSE = RestErrors(
    fields={
        "/title": "name",
        "/description": "specification",
        "/assigned_to": "performer",
        "/assignees": "performers",
        "/to": "performer",
        "/text": "description",
        "/file": "image_file",
    },
    sentences={
        ("/username", "taken"): "username already exist",
        ("/username", "max_length"): "Ensure this field has no more than 150 characters.",
        ("/email", "taken"): "email already exist",
        ("/title", "taken"): NAME_TAKEN,
        ("/assigned_to", "not_a_member"): NOBODY,
        ("/to", "not_a_member"): NOBODY,
        "blank": "This field may not be blank.",
        "null": "This field may not be null.",
        "required": "This field is required.",
    },
    details={
        "csrf_failed": "CSRF Failed: CSRF token missing or incorrect.",
        "denied": NO_RIGHT,
    },
)

# The resources below `/api/tasks/` word a taken name differently from the modules beside them.
REFUSE_RESOURCE = replace(
    REFUSE, sentences={**REFUSE.sentences, ("/title", "taken"): "task with this name already exists."}
)

# Whose file it is has nothing to do with a task.
REFUSE_FILE = replace(REFUSE, details={name: said for name, said in REFUSE.details.items() if name != "denied"})

# In a comment `description` is the dialect's own word.
REFUSE_COMMENT = replace(
    REFUSE, fields={name: field for name, field in REFUSE.fields.items() if name != "/description"}
)
