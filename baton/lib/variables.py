"""Every variable Baton reads, declared once: `docs/settings.md` is generated from this file.

A variable is `BATON_…`; the names of the systems that Baton replaces are understood as aliases.
"""

from __future__ import annotations

from datetime import time
from typing import Any

from baton.lib.env import Variable
from baton.lib.env_types import (
    choice,
    choices,
    flag,
    folder,
    hosts,
    integer,
    networks,
    seconds,
    secret,
    server_url,
    text,
    time_of_day,
    time_zone,
    web_address,
    words,
)

DATA = folder(
    "BATON_DATA", "Where the database, the secret and the files are kept.", default_text="`data` in the checkout"
)
SECRET_KEY = secret(
    "BATON_SECRET_KEY",
    "Signs sessions and tokens. Without it `serve` makes one in the data folder; every other process refuses to start.",
    "SECRET_KEY",
    default_text="the data folder's `secret_key`",
)
DEBUG = flag("BATON_DEBUG", "Django's debug mode: for development only.", "DEBUG", default=False)

HOST = text("BATON_HOST", "127.0.0.1", "The address `serve` listens on.")
PORT = integer("BATON_PORT", 8000, "The port `serve` listens on.", least=1, most=65535)
BASE_URL = web_address(
    "BATON_BASE_URL",
    "The address people reach Baton at; https makes cookies secure.",
    default_text="`http://` and the address served on",
)
ALLOWED_HOSTS = words(
    "BATON_ALLOWED_HOSTS",
    (),
    "Host names answered to, besides localhost, the host served on and that of `BATON_BASE_URL`.",
    "ALLOWED_HOSTS",
)
TRUSTED_ORIGINS = words(
    "BATON_TRUSTED_ORIGINS", (), "Other origins whose pages may send forms, such as `https://x.example`."
)
TRUSTED_PROXIES = networks(
    "BATON_TRUSTED_PROXIES",
    "Proxies whose `X-Forwarded-For` and `X-Forwarded-Proto` are believed; nobody else's are.",
)
THREADS = integer("BATON_THREADS", 8, "Requests `serve` works on at once.", least=1, most=256)
MAX_BODY = integer("BATON_MAX_BODY", 2**20, "Bytes a request's body may have, files apart.", least=1024)
STATIC = folder(
    "BATON_STATIC",
    "Where `collectstatic` gathers the static files; without it they come from the installed packages.",
    default_text="",
)
MAX_UPLOAD = integer(
    "BATON_MAX_UPLOAD",
    32 * 2**20,
    "Bytes a request may have, files included; never less than an attachment or an import needs.",
    least=1024,
    most=2**40,
)

MAX_ATTACHMENT = integer("BATON_MAX_ATTACHMENT", 25 * 2**20, "Bytes an attached file may have.", least=1, most=2**40)
MAX_IMPORT = integer(
    "BATON_MAX_IMPORT",
    128 * 2**20,
    "Bytes an imported file may have; unpacked, an archive may have four times as many.",
    least=1024,
    most=2**32 - 1,
)
S3_BUCKET = text("BATON_S3_BUCKET", "", "The S3 bucket files are kept in; without it they are in the data folder.")
S3_ENDPOINT = web_address(
    "BATON_S3_ENDPOINT", "The address of what speaks S3, such as MinIO.", default_text="Amazon's, by the region"
)
S3_REGION = text("BATON_S3_REGION", "", "The bucket's region.")
S3_ACCESS_KEY = secret(
    "BATON_S3_ACCESS_KEY", "The log-in at S3; without it boto3's own ways of finding one.", default_text=""
)
S3_SECRET_KEY = secret("BATON_S3_SECRET_KEY", "The password at S3.", default_text="")

DATABASE_URL = server_url(
    "BATON_DATABASE_URL",
    "The database, `postgresql://user:password@host/name`; without it SQLite in the data folder.",
    "DATABASE_URL",
    schemes=("postgresql", "postgres", "sqlite"),
)
SQLITE_SYNCHRONOUS = choice(
    "BATON_SQLITE_SYNCHRONOUS",
    "full",
    "`full` keeps every acknowledged change through a power cut; `normal` is faster and may lose the last ones.",
    "full",
    "normal",
)
POOL_MIN = integer("BATON_POOL_MIN", 1, "PostgreSQL connections a process keeps open.", most=1000)
POOL_MAX = integer("BATON_POOL_MAX", 12, "PostgreSQL connections a process opens at most.", least=1, most=1000)
PREPARE_AFTER = integer(
    "BATON_PREPARE_AFTER",
    5,
    "After how many runs PostgreSQL keeps a statement's plan; 0 is never, for poolers that share connections.",
    most=1000,
)
LOCK_TIMEOUT = seconds("BATON_LOCK_TIMEOUT", 5, "How long a statement waits for a lock (PostgreSQL; 0 is for ever).")
STATEMENT_TIMEOUT = seconds(
    "BATON_STATEMENT_TIMEOUT", 30, "How long a statement may run, except in `migrate` (PostgreSQL; 0 is for ever)."
)
IDLE_TRANSACTION_TIMEOUT = seconds(
    "BATON_IDLE_TRANSACTION_TIMEOUT", 60, "How long a transaction may stand idle (PostgreSQL; 0 is for ever)."
)

REDIS_URL = server_url(
    "BATON_REDIS_URL",
    "Redis or Valkey, for the cache and for waking up the live stream; without it each process has its own cache.",
    "REDIS_URL",
    schemes=("redis", "rediss", "valkey", "valkeys", "unix"),
)
BROKER_URL = server_url(
    "BATON_BROKER_URL",
    "The broker of `worker`: RabbitMQ, Redis or Valkey; without it `BATON_REDIS_URL`.",
    "CELERY_BROKER_URL",
    schemes=("amqp", "amqps", "redis", "rediss", "valkey", "valkeys"),
)
TRASH_DAYS = integer("BATON_TRASH_DAYS", 30, "Days that tasks and projects stay in the trash.", least=1, most=36500)
ATTACHMENT_RETENTION_DAYS = integer(
    "BATON_ATTACHMENT_RETENTION_DAYS",
    0,
    "Days after which files of done tasks go into the trash, on Sundays, a week after they were listed; 0 is never.",
    most=36500,
)
FOLLOW_SECONDS = seconds(
    "BATON_FOLLOW_SECONDS",
    1,
    "How often reactions look at the event log although nobody has woken them up.",
    least=0.1,
    most=3600,
)
UPKEEP_AT = time_of_day("BATON_UPKEEP_AT", time(3, 20), "When the trash is emptied and other upkeep is done at night.")

OUTGOING_NETWORKS = networks(
    "BATON_OUTGOING_NETWORKS",
    "Networks that webhooks may reach although they are not on the public Internet, such as `10.0.0.0/8`.",
)
OUTGOING_HTTPS_ONLY = flag("BATON_OUTGOING_HTTPS_ONLY", "Webhooks go to https addresses only.", default=False)
WEBHOOKS_EACH = integer(
    "BATON_WEBHOOKS_EACH", 20, "Webhooks that a project, and that a user, may have.", least=0, most=1000
)
WEBHOOK_PAUSE_DAYS = integer(
    "BATON_WEBHOOK_PAUSE_DAYS",
    3,
    "After so many days in which nothing came through, a webhook pauses.",
    least=1,
    most=365,
)
DELIVERY_DAYS = integer(
    "BATON_DELIVERY_DAYS", 30, "Days that finished deliveries can be looked at.", least=1, most=36500
)
SOCKETS_PER_USER = integer(
    "BATON_SOCKETS_PER_USER",
    20,
    "Live connections one user may have to a process; several processes of `stream` count each for itself.",
    least=1,
    most=100_000,
)
STREAM_POLL_SECONDS = seconds(
    "BATON_STREAM_POLL_SECONDS",
    1,
    "How often the live stream looks at the event log although nobody has woken it up.",
    least=0.1,
    most=60,
)

PRESENCE = flag("BATON_PRESENCE", "The live stream tells who watches a project at present.", default=False)
NOTIFICATION_DAYS = integer(
    "BATON_NOTIFICATION_DAYS", 180, "Days that people can look at what they were told.", least=1, most=36500
)
REMINDER_HOUR = integer(
    "BATON_REMINDER_HOUR",
    9,
    "The hour, in each person's own time zone, at which they are reminded of what is due.",
    most=23,
)

EMAIL_HOST = text(
    "BATON_EMAIL_HOST", "", "The SMTP server; without it mail is written to `mail` in the data folder.", "EMAIL_HOST"
)
EMAIL_PORT = integer("BATON_EMAIL_PORT", 25, "The SMTP server's port.", "EMAIL_PORT", least=1, most=65535)
EMAIL_USER = text("BATON_EMAIL_USER", "", "The log-in at the SMTP server.", "EMAIL_HOST_USER")
EMAIL_PASSWORD = secret("BATON_EMAIL_PASSWORD", "The password at the SMTP server.", "EMAIL_HOST_PASSWORD")
EMAIL_SECURITY = choice(
    "BATON_EMAIL_SECURITY", "none", "How the connection to the SMTP server is protected.", "none", "starttls", "tls"
)
EMAIL_FROM = text("BATON_EMAIL_FROM", "Baton <baton@localhost>", "The sender of mail.")

REGISTRATION = choice(
    "BATON_REGISTRATION",
    "open",
    "Who opens an account: everybody, people with an invitation's letter, or nobody but the operator.",
    "open",
    "invited",
    "closed",
)
STRICT_PASSWORDS = flag(
    "BATON_STRICT_PASSWORDS",
    "The rules for new passwords hold in the dialects too, whose originals had none.",
    default=False,
)
REQUIRE_VERIFIED_EMAIL = flag(
    "BATON_REQUIRE_VERIFIED_EMAIL", "Nobody logs in before they have verified their e-mail address.", default=False
)

DIALECTS = choices(
    "BATON_DIALECTS",
    "The older systems whose clients are served, each below its name; `none` for none of them.",
    "tasktable",
    "taskmaster",
    "taskapi",
    "issuetracker",
)
DIALECT_HOSTS = hosts(
    "BATON_DIALECT_HOSTS",
    "Hosts with a dialect at the root, such as `localhost:1337=tasktable,tasks.example.com=taskapi`.",
    choices=DIALECTS.default,
)

TASKMASTER_TIME_ZONE = time_zone(
    "BATON_TASKMASTER_TIME_ZONE", "Africa/Lagos", "The time zone that the dialect taskmaster gives its times in."
)
TASKTABLE_PROJECT = text(
    "BATON_TASKTABLE_PROJECT",
    "",
    "The key of the project behind the dialect tasktable.",
    default_text="an open project *TaskTable*, made when it is needed",
)
TASKTABLE_STRICT = flag(
    "BATON_TASKTABLE_STRICT",
    "The dialect tasktable behaves as its original first did: everybody's tasks in the list, no handing on.",
    "TASKTABLE_STRICT",
    default=False,
)
PASS_SALT = secret(
    "BATON_PASS_SALT",
    "The salt of an aiohttp_taskAPI whose passwords are taken over (`import_from taskapi`).",
    "PASS_SALT",
)
TASKAPI_OLD_SECRET = secret(
    "BATON_TASKAPI_OLD_SECRET",
    "The `JWT_SECRET` of the aiohttp_taskAPI that was imported: tokens it has signed stay good for those who came from "
    "there, until their next password. Without it they log in once.",
)
ISSUETRACKER_PROJECT = text(
    "BATON_ISSUETRACKER_PROJECT",
    "",
    "The key of the project behind the dialect issuetracker.",
    default_text="an open project *Issues*, made when it is needed",
)

ISSUETRACKER_ASSIGNED_MINUTES = integer(
    "BATON_ISSUETRACKER_ASSIGNED_MINUTES",
    12,
    "After how many minutes the dialect issuetracker writes to a new assignee.",
    "ASSIGN_REPORT_SCHEDULE",
    most=525_600,
)
ISSUETRACKER_REPORT_HOURS = integer(
    "BATON_ISSUETRACKER_REPORT_HOURS",
    24,
    "How often the dialect issuetracker sends its reports: these hours, minutes and seconds; 0 in all is never.",
    "REPORT_SCHEDULE_HOURS",
    most=8760,
)
ISSUETRACKER_REPORT_MINUTES = integer(
    "BATON_ISSUETRACKER_REPORT_MINUTES", 0, "Minutes on top of the hours.", "REPORT_SCHEDULE_MINUTES", most=525_600
)
ISSUETRACKER_REPORT_SECONDS = integer(
    "BATON_ISSUETRACKER_REPORT_SECONDS", 0, "Seconds on top of them.", "REPORT_SCHEDULE_SECONDS", most=31_536_000
)

LOG_LEVEL = choice("BATON_LOG_LEVEL", "info", "The least that is logged.", "debug", "info", "warning", "error")
LOG_FORMAT = choice(
    "BATON_LOG_FORMAT",
    "auto",
    "Lines for people or for machines; `auto` is `console` in a terminal.",
    "auto",
    "console",
    "json",
)
METRICS_TOKEN = secret(
    "BATON_METRICS_TOKEN",
    "`/metrics` asks for it as a bearer token; without it only this machine may read them.",
    default_text="",
)
METRICS_FOLDER = folder(
    "PROMETHEUS_MULTIPROC_DIR",
    "Where several processes share their metrics (prometheus-client's own name).",
    default_text="",
)


def all_variables() -> list[Variable[Any]]:
    """Return every declared variable in the order of declaration."""
    return [value for value in globals().values() if isinstance(value, Variable)]
