"""How this dialect words its refusals: the framework's bodies, and those of the token library it used."""

from __future__ import annotations

from baton.surfaces.wire.dialects.rest_errors import RestErrors
from baton.surfaces.wire.problems import Refusal

INVALID = "Token is invalid or expired"
WRONG_TYPE = "Token has wrong type"
TWO_WORDS = "Authorization header must contain two space-delimited values"

BAD_ACCESS = "bad_access_token"
"""The code of a refused `Authorization` header; on the wire it is `token_not_valid`, as for a token in a body."""
NOT_VALID = "token_not_valid"
BAD_HEADER = "bad_authorization_header"


class TaskmasterErrors(RestErrors):
    """Adds the bodies that are neither a sentence nor lists of sentences."""

    def body(self, refusal: Refusal) -> dict[str, object]:
        """Return what the answer says."""
        match refusal.code:
            case "bad_access_token":
                return _bad_access(refusal.detail)
            case "dead_credential":
                return _bad_access(INVALID)
            case "token_not_valid" | "bad_authorization_header":
                return {"detail": refusal.detail, "code": refusal.code}
            case "parse_error" if refusal.errors:
                # It could be read, and holds what can't be kept: the framework's fields would have said which.
                return dict(self.by_field(refusal.errors))
        body = super().body(refusal)
        if any((error.pointer, error.code) == ("/old_password", "wrong") for error in refusal.errors):
            # The original put a bare sentence here, where every other field has a list.
            body["old_password"] = "value provided is not correct"  # noqa: S105  # a sentence
        return body


def _bad_access(message: str) -> dict[str, object]:
    return {
        "detail": "Given token not valid for any token type",
        "code": NOT_VALID,
        "messages": [{"token_class": "AccessToken", "token_type": "access", "message": message}],
    }


ERRORS = TaskmasterErrors(
    challenge='Bearer realm="api"',
    fields={"/new_password": "new_password_1"},
    sentences={
        ("/username", "taken"): "User with this username already exists.",
        ("/email", "taken"): "User with this email already exists.",
        ("/email", "invalid"): "Enter a valid email address.",
    },
    details={
        "email_not_verified": "{detail}",
        "registration_closed": "{detail}",
        "throttled": "Request was throttled. {detail}",
    },
)
