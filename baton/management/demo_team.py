"""The demo team: who they are and what they have to do. `demo.py` brings them to life."""

from __future__ import annotations

from typing import NamedTuple

PEOPLE = (
    {"username": "grace", "name": "Grace Okafor", "timezone": "Europe/London", "language": "en"},
    {"username": "tom", "name": "Tom Becker", "timezone": "Europe/Berlin", "language": "en"},
    {"username": "lena", "name": "Лена Смирнова", "timezone": "Europe/Moscow", "language": "ru"},
    {"username": "pavel", "name": "Павел Орлов", "timezone": "Asia/Yekaterinburg", "language": "ru"},
    {"username": "mei", "name": "Mei Tanaka", "timezone": "Asia/Tokyo", "language": "en"},
)


class Handover(NamedTuple):
    """A delegation, and the receiver's `answer` where they have given one."""

    giver: str
    receiver: str
    note: str
    answer: str = ""
    reply: str = ""


class DemoTask(NamedTuple):
    """A task. `due` is in days from now, `part_of` the title of a task above it, `people` has its lead first.

    `taken_over` are the people that the project's owner assigned in the end.
    """

    title: str
    by: str
    status: str = "todo"
    priority: str = "medium"
    people: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    due: float | None = None
    about: str = ""
    part_of: str = ""
    comments: tuple[tuple[str, str], ...] = ()
    handed: tuple[Handover, ...] = ()
    taken_over: tuple[str, ...] = ()


class DemoProject(NamedTuple):
    """A project, its members by role, and its tasks."""

    key: str
    name: str
    about: str
    owner: str
    members: dict[str, str]
    tasks: tuple[DemoTask, ...]
    visibility: str = "private"


# A table: a task in as few lines as it takes.

# fmt: off
WEBSITE = DemoProject(
    "WEB",
    "Website relaunch",
    "The new site goes live at the end of the quarter.",
    "grace",
    {"tom": "editor", "lena": "editor", "mei": "viewer"},
    (
        DemoTask("Agree on the list of pages", "grace", "done", "high", ("grace",), ("content",), -12),
        DemoTask("Choose a typeface that has Cyrillic", "grace", "done", "medium", ("lena",), ("design",), -8,
                 comments=(("lena", "Inter and Golos Text both work. I prefer Golos."), ("grace", "Golos it is."))),
        DemoTask("Draw the home page", "grace", "done", "high", ("lena", "grace"), ("design",), -6),
        DemoTask("Build the page templates", "grace", "in_progress", "high", ("tom",), ("code",), 4,
                 "Home, article, team, contact. Keep them usable without JavaScript.",
                 comments=(("tom", "Home and article are done, team is next."),)),
        DemoTask("Template for articles", "tom", "done", "medium", ("tom",), ("code",),
                 part_of="Build the page templates"),
        DemoTask("Template for the team page", "tom", "in_progress", "medium", ("tom",), ("code",), 2,
                 part_of="Build the page templates"),
        DemoTask("Write the texts of the team page", "grace", "todo", "medium", ("grace",), ("content",), 3,
                 handed=(Handover("grace", "lena", "You know everybody better than I do. Two sentences each.",
                     "accepted", "Gladly, by Thursday."),)),
        DemoTask("Translate the home page into Russian", "grace", "todo", "medium", ("tom",), ("content", "Russian"),
                 6, handed=(Handover("tom", "lena", "My Russian is not good enough for this."),)),
        DemoTask("Redirect the old addresses", "tom", "planned", "high", ("tom",), ("code", "launch"), 9,
                 "The list of old addresses is in the shared folder. Check with the search console afterwards."),
        DemoTask("Ask the lawyer about the cookie notice", "grace", "review", "high", ("grace",), ("launch",), -1,
                 comments=(("grace", "She says none is needed as long as nobody is tracked."),
                           ("lena", "Then let us keep it that way."))),
        DemoTask("Measure the loading time on a slow phone", "tom", "todo", "low", (), ("code",), 10),
        DemoTask("Check the contrast of all colours", "lena", "review", "medium", ("lena",), ("design",), 1),
        DemoTask("Collect photos of the team", "grace", "todo", "low", ("mei",), ("content",), 5,
                 handed=(Handover("mei", "tom", "I am in another time zone, could you take them?", "declined",
                     "My camera is broken, sorry."),)),
        DemoTask("Set up monitoring", "tom", "planned", "medium", ("tom",), ("code", "launch"), 12,
                 handed=(Handover("tom", "grace", "Which service do we pay for?"),), taken_over=("tom", "grace")),
        DemoTask("Announce the launch", "grace", "todo", "medium", (), ("launch",), 20),
    ),
)

MOVE = DemoProject(
    "MOVE",
    "Переезд офиса",
    "Новый офис на Лесной, переезжаем до конца месяца.",
    "lena",
    {"pavel": "editor", "grace": "editor"},
    (
        DemoTask("Подписать договор аренды", "lena", "done", "high", ("lena",), ("документы",), -10),
        DemoTask("Выбрать перевозчика", "lena", "done", "medium", ("pavel",), ("переезд",), -5,
                 comments=(("pavel", "Сравнил трёх, смета во вложении к письму. Беру второго."), ("lena",
                     "Согласна."))),
        DemoTask("Провести интернет", "pavel", "in_progress", "high", ("pavel",), ("связь",), 2,
                 "Основной и резервный канал, от разных провайдеров.",
                 comments=(("pavel", "Кабель протянут, ждём подключения."),)),
        DemoTask("Заказать пропуска", "lena", "todo", "medium", ("lena",), ("документы",), 4,
                 handed=(Handover("lena", "pavel", "Бюро пропусков просит список до пятницы.", "accepted",
                     "Сделаю."),)),
        DemoTask("Собрать список сотрудников для пропусков", "pavel", "done", "medium", ("pavel",), ("документы",),
                 -2, part_of="Заказать пропуска"),
        DemoTask("Упаковать архив", "lena", "planned", "medium", ("pavel", "lena"), ("переезд",), 6),
        DemoTask("Расставить столы по плану", "lena", "todo", "low", (), ("мебель",), 9),
        DemoTask("Купить новые стулья", "pavel", "review", "medium", ("pavel",), ("мебель",), -1,
                 comments=(("pavel", "Двенадцать штук, счёт у тебя в почте."),)),
        DemoTask("Сообщить новый адрес клиентам", "lena", "todo", "high", ("lena",), ("связь",), 7,
                 handed=(Handover("lena", "grace", "Английский текст, пожалуйста, напиши ты.", "returned",
                     "The text is in the comments; sending it is yours."),),
                 comments=(("grace", "From the 1st you will find us at our new office on Lesnaya street."),)),
        DemoTask("Отключить старый офис от сигнализации", "lena", "todo", "low", (), ("документы",), 14),
        DemoTask("Отпраздновать новоселье", "pavel", "todo", "low", (), (), 21),
    ),
)

SUPPORT = DemoProject(
    "HELP",
    "Support desk",
    "Everybody may ask here; Tom and Pavel answer.",
    "tom",
    {"pavel": "editor"},
    (
        DemoTask("Password reset mail arrives in the spam folder", "mei", "in_progress", "high", ("tom",), ("mail",),
                 1,
                 comments=(("mei", "Since Monday, for all addresses at one provider."), ("tom",
                     "Their filter dislikes us."))),
        DemoTask("Export of a big project stops half-way", "grace", "todo", "high", ("pavel",), ("bug",), 2,
                 handed=(Handover("pavel", "tom", "You wrote the export, a look from you is quicker."),)),
        DemoTask("Не открывается календарь на телефоне", "lena", "review", "medium", ("pavel",), ("bug",), 0.2,
                 comments=(("pavel", "Исправил, проверь, пожалуйста."),)),
        DemoTask("Please add me to the mailing list", "mei", "done", "low", ("tom",), ("mail",), -3),
        DemoTask("New laptop for Mei", "mei", "planned", "medium", ("tom",), ("hardware",), 8),
        DemoTask("The printer on the second floor is out of paper again", "grace", "done", "low", ("pavel",),
                 ("hardware",)),
        DemoTask("Renew the TLS certificate of the wiki", "tom", "todo", "high", ("tom",), ("servers",), -2,
                 handed=(Handover("tom", "pavel", "I am away this week.", "accepted"),)),
        DemoTask("Move backups to the new server", "pavel", "in_progress", "high", ("pavel", "tom"), ("servers",), 5,
                 "Keep the old ones for three months.",
                 comments=(("tom", "Have we tried to restore one?"), ("pavel",
                     "Yes, on Friday. It took 40 minutes."))),
        DemoTask("Write down how to restore a backup", "tom", "todo", "medium", (), ("servers",), 11,
                 part_of="Move backups to the new server"),
        DemoTask("Какой пароль у гостевого Wi-Fi?", "lena", "done", "low", ("pavel",), (),
                 comments=(("pavel", "Написан на стене у кухни."),)),
        DemoTask("Screen reader skips the menu", "grace", "todo", "medium", (), ("bug",), 6),
        DemoTask("Old accounts should be switched off", "tom", "todo", "medium", ("tom",), ("servers",), 15),
        DemoTask("Webhook deliveries are slow at noon", "mei", "todo", "medium", (), ("bug",)),
    ),
    visibility="open",
)

# fmt: on

PROJECTS = (WEBSITE, MOVE, SUPPORT)
