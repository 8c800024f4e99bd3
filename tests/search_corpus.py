"""Sixty tasks in two languages, what is looked for in them, and what must be found, in this order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone

from baton.core.commands.comments import add_comment
from baton.core.models import Attachment, Project, Task, User
from baton.reactions.search_index import index_tasks
from tests.factories import actor_of, make_task


@dataclass(frozen=True)
class Entry:
    """A task of the corpus; its number is its place in it, from 1."""

    title: str
    description: str = ""
    labels: Sequence[str] = ()
    comments: Sequence[str] = ()
    files: Sequence[str] = ()


CORPUS = (
    Entry("Pay the invoice of the printer supplier", "It came by post on Monday."),  # 1
    Entry("Order printer paper", "Ten boxes, the invoices go to accounting.", ["office"]),
    Entry("Printing fails on the third floor", "The queue hangs after two pages.", ["bug", "office"]),
    Entry("Renew the domain", "", [], ["The registrar sent an invoice yesterday."]),
    Entry("Move the old archive", "Boxes stand in the cellar.", [], [], ["invoice-2025-03.pdf"]),
    Entry("Write the quarterly report", "Numbers come from accounting, charts from the designers."),
    Entry("Reporting dashboard is slow", "Measure the query first.", ["performance"]),
    Entry("Query planner picks the wrong index", "See the report of last week.", ["performance", "database"]),
    Entry("Restore the database backup", "Try it on the staging server.", ["database"]),
    Entry("Backups run twice a night", "", ["database", "bug"], ["Two cron jobs do the same."]),  # 10
    Entry("Universal search box", "Searching should find words in any form."),
    Entry("Universities newsletter", "Send it to all universities in the list.", ["mail"]),
    Entry("Newsletter in German", "Grüße an alle, Straße und Größe prüfen.", ["mail"]),
    Entry("Café menu for the team day", "Croissants and coffee.", ["office"]),
    Entry("Login times out", "After 30 minutes people are thrown out.", ["bug"], ["Session timeout is 1800."]),
    Entry("Log-in page in dark mode", "Contrast of the buttons.", ["design"]),
    Entry("Password reset mail never arrives", "Check SPF and DKIM of the mail server.", ["bug", "mail"]),
    Entry("Reset the demo data every night", "", ["database"]),
    Entry("Plan the planning meeting", "Agenda: planned releases, open plans."),
    Entry("Meeting room plants need water", "The plant by the window too.", ["office"]),  # 20
    Entry("Customer calls about export", "CSV export of 100% of the rows.", ["export"]),
    Entry("Export to Excel", "", ["export"], ["Customers ask for columns in their order."], ["columns.xlsx"]),
    Entry("Import of contacts", "Duplicates must be merged.", ["import"], [], ["contacts sample.csv"]),
    Entry("Merge duplicate customers", "", ["import"], ["See OPS-23 for how contacts are merged."]),
    Entry("Translate the help pages", "English to Russian: помощь, настройки, отчёты.", ["docs"]),
    Entry("Documentation of the API", "Endpoints, examples, errors.", ["docs"]),
    Entry("Error 500 on empty title", "The server answers with a trace.", ["bug"]),
    Entry("Serve images faster", "Use smaller thumbnails.", ["performance"]),
    Entry("Fix typo: recieve", "The word receive is misspelt in the footer.", ["docs"]),
    Entry("Hire a designer", "Designs for the mobile application.", ["people"]),  # 30
    Entry("Оплатить счёт за хостинг", "Счет пришёл на почту бухгалтерии."),
    Entry("Подготовить отчёт за квартал", "Цифры взять у бухгалтерии.", ["отчёты"]),
    Entry("Отчеты по продажам не открываются", "Ошибка после обновления сервера.", ["ошибка"]),
    Entry("Договор с поставщиком бумаги", "Юристы проверяют условия договора.", ["документы"]),
    Entry("Продлить договоры аренды", "Срок истекает в марте.", ["документы"], ["Арендодатель прислал новый договор."]),
    Entry("Заказать бумагу для принтера", "Десять коробок.", ["офис"]),
    Entry("Принтер печатает пустые листы", "Картридж новый, драйвер старый.", ["офис", "ошибка"]),
    Entry("Настроить резервное копирование", "База данных копируется раз в сутки.", ["база"]),
    Entry("Проверить резервные копии", "Восстановить базу на тестовом сервере.", ["база"]),
    Entry("Поиск находит не все задачи", "Искать надо слова в любой форме.", ["ошибка"]),  # 40
    Entry("Перевести страницы помощи", "С английского: help, settings, reports.", ["документы"]),
    Entry("Ёлка в офис", "Украшения лежат в кладовой.", ["офис"]),
    Entry("Ежедневный отчёт о нагрузке", "", ["отчёты"], ["График нагрузки прикладываю."], ["нагрузка-март.png"]),
    Entry("Полить цветы в переговорной", "По вторникам и пятницам.", ["офис"]),
    Entry("Расписание переговорной", "Бронирование через календарь."),
    Entry("Календарь не синхронизируется", "На телефоне пусто.", ["ошибка"], ["Пароль от календаря сменили."]),
    Entry("Сброс пароля", "Письмо со ссылкой не приходит.", ["ошибка", "почта"]),
    Entry("Почтовый сервер", "Настроить SPF и DKIM.", ["почта"]),
    Entry("Рассылка новостей", "Новости отправляем по четвергам.", ["почта"]),
    Entry(
        "Встреча с заказчиком", "Обсудить план работ и сроки.", [], ["План встречи во вложении."], ["план встречи.docx"]
    ),
    Entry("Планирование спринта", "Запланированные задачи перенести."),
    Entry("Запланировать отпуск", "Отпуска согласовать до пятницы.", ["люди"]),
    Entry("Нанять дизайнера", "Макеты мобильного приложения.", ["люди"]),
    Entry("Объединить дубли контактов", "Контакты загружены дважды.", ["импорт"]),
    Entry("Импорт клиентов из файла", "Столбцы: имя, адрес, телефон.", ["импорт"], [], ["клиенты.csv"]),
    Entry("Экспорт в Excel", "Формулы не должны выполняться.", ["экспорт"]),
    Entry("Медленный запрос", "Посмотреть план запроса в базе.", ["база"]),
    Entry("Опечатка в подвале", "Написано «колличество» вместо «количество».", ["документы"]),
    Entry("Server room key", "Ключ от серверной у охраны.", ["office"]),
    Entry("Обновить сертификат сервера", "Certificate expires in March, срок до марта.", ["серверы"]),  # 60
)

FOUND: dict[str, list[int]] = {
    # Any form of a word, in either case: first where it stands in the title, then in the description or a label, then
    # in comments and names of files; among equals the newest first.
    "invoice": [1, 2, 5, 4],
    "INVOICES": [1, 2, 5, 4],
    "report": [7, 6, 41, 8],
    "reporting": [7, 6, 41, 8],
    "backup": [10, 9],
    "university": [12],
    "universal": [11],
    "query": [8, 7],
    "design": [30, 16, 6],
    "merged": [24, 23],
    "resetting": [18, 17],
    "отчёт": [43, 33, 32, 25],
    "отчетов": [43, 33, 32, 25],
    "договором": [35, 34],
    "сервере": [60, 48, 39, 33],
    "принтеру": [37, 36],
    "контактами": [54],
    "задача": [40, 51],
    "ключей": [59],
    "почтой": [49, 48, 47, 31],
    # All words must be there, wherever.
    "базе данных": [38],
    "server mail": [17],
    "newsletter mail": [13, 12],
    "office bug": [3],
    "design mobile": [30],
    "оплата счетов": [31],
    "план встречи": [50],
    "SPF DKIM": [48, 17],
    "query invoice": [],
    "the the THE reset": [18, 17],
    # Io and ie.
    "ёлка": [42],
    "елка": [42],
    "пришел": [31],
    # The last word may be a beginning; whole words come first.
    "print": [3, 2, 1],
    "plan": [19, 20, 8],
    "plann": [19, 8],
    "meeting plan": [19, 20],
    "plan meeting": [19],
    "invo": [1, 2, 5, 4],
    "планиров": [51],
    "резервн копия": [39],
    "за": [32, 31, 57, 52, 50, 40, 36, 54, 51],
    "о": [43],
    # Misspelt: left out, put in, replaced, swapped.
    "invioce": [1, 2, 5, 4],
    "prnter paper": [2],
    "universsity": [12],
    "догвоор": [35, 34],
    "докуметны": [58, 41, 35, 34],
    "сиртефикат": [60],
    "калиндарь": [46, 45],
    "recieve": [29],
    "zzz": [],
    "напоминание": [],
    # Other letters, numbers, names of files, and what is no word.
    "straße": [13],
    "STRASSE": [13],
    "café": [14],
    "100%": [21],
    "csv": [21, 55, 23],
    "columns.xlsx": [22],
    "ops-23": [24],
    "'mail' OR \"bug\" * (": [],
    "март": [60, 35, 43],
    "march": [60],
}


def make_corpus(owner: User, project: Project) -> dict[int, int]:
    """Make the tasks and their entries; return the number of each task by its id."""
    numbers = {_make(owner, project, entry).pk: number for number, entry in enumerate(CORPUS, 1)}
    index_tasks(numbers)
    return numbers


def _make(owner: User, project: Project, entry: Entry) -> Task:
    task = make_task(owner, project, entry.title, description=entry.description, labels=list(entry.labels))
    for text in entry.comments:
        add_comment(actor_of(owner), task.pk, text)
    for name in entry.files:
        attach(task, owner, name)
    return task


def attach(task: Task, owner: User, name: str) -> Attachment:
    """Give the task a file, as far as a search knows of it."""
    return Attachment.objects.create(
        task=task,
        name=name,
        path=f"{task.pk}/{name}",
        size=1,
        content_type="text/plain",
        sha256="0" * 64,
        uploaded_by=owner,
        uploaded_at=timezone.now(),
    )
