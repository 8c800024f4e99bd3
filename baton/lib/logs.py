"""How logs look: coloured lines in a terminal, one JSON object a line everywhere else, secrets in neither."""

from __future__ import annotations

import re
import sys
from typing import Any

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

_SECRET_NAME = re.compile(r"(?i)passw|secret|token|authorization|cookie|api_?key|credential|signature")
# A URL's password and a token's text, wherever they stand in a message.
_SECRET_TEXT = re.compile(
    r"(?P<url>\b[a-z][a-z0-9+.-]*://[^\s/:@]*:)[^\s/@]+@"
    r"|(?P<scheme>\b(?:Bearer|Token|Basic)\s+)[A-Za-z0-9._~+/=-]{8,}"
    r"|\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9._-]+|\bbat_[A-Za-z0-9_-]{8,}"
)
HIDDEN = "[hidden]"


def logging_config(level: str, form: str) -> dict[str, Any]:
    """Set structlog up and return Django's LOGGING; `form` is `auto`, `console` or `json`.

    Standard-library loggers (Django's, Celery's, uvicorn's) go through the same processors, so there is one form.
    """
    console = form == "console" or (form == "auto" and sys.stderr.isatty())
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.PositionalArgumentsFormatter(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    render: list[Processor] = (
        [hide_secrets, structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)]
        if console
        else [structlog.processors.format_exc_info, hide_secrets, structlog.processors.JSONRenderer(ensure_ascii=False)]
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "lines": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": shared,
                "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, *render],
            }
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "lines"}},
        "root": {"handlers": ["stderr"], "level": level.upper()},
        "loggers": {
            # Celery tells of every tick of the schedule; what matters is said by what the tick calls.
            "celery": {"level": "DEBUG" if level == "debug" else "WARNING"},
            "kombu": {"level": "WARNING"},
            # Django's own handlers would print a second time; 4xx answers are the client's business.
            "django": {"handlers": [], "propagate": True},
            "django.request": {"level": "ERROR"},
            # Whoever asks for a foreign host is told so; a trace of it helps nobody.
            "django.security.DisallowedHost": {"level": "CRITICAL"},
            "django.server": {"handlers": [], "propagate": True},
            "uvicorn": {"handlers": [], "propagate": True, "level": "WARNING"},
            "uvicorn.error": {"level": "WARNING"},
        },
    }


def hide_secrets(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Put a mark in the place of values whose name or look says that they are secret."""
    for name, value in event.items():
        if _SECRET_NAME.search(name):
            event[name] = HIDDEN
        elif isinstance(value, str):
            event[name] = _SECRET_TEXT.sub(_hide, value)
    return event


def _hide(found: re.Match[str]) -> str:
    if found["url"]:
        return f"{found['url']}{HIDDEN}@"
    return f"{found['scheme'] or ''}{HIDDEN}"
