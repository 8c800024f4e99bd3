"""What a report calls things, in the languages that people may choose."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils import translation
from django.utils.formats import date_format

FALLBACK = "en"
_HOUR, _DAY = 3600, 24 * 3600

WORDS: dict[str, dict[str, str]] = {
    "en": {
        "report": "report",
        "made": "Made on",
        "created": "Created",
        "done_in_period": "Done",
        "open_at_end": "Open at the end",
        "overdue_at_end": "Overdue at the end",
        "open": "Open",
        "overdue": "Overdue",
        "done_count": "Done",
        "median": "Half done within",
        "percentile_75": "Three quarters within",
        "mean": "Mean",
        "cycle_time": "Time from creation to completion",
        "nothing_done": "No task was done in this period.",
        "no_tasks": "There were no tasks in this period.",
        "by_status": "Tasks by status",
        "by_person": "By person and status",
        "by_priority": "By priority",
        "by_day": "Created and done, day by day",
        "by_week": "Created and done, week by week",
        "person": "Person",
        "priority": "Priority",
        "all": "All",
        "nobody": "Nobody",
        "longer": "longer",
        "explained": "Done counts what was done within the period; the other figures are as things stood at its end. "
        "Each task counts with the first of its assignees.",
        "todo": "To do",
        "planned": "Planned",
        "in_progress": "In progress",
        "review": "In review",
        "done": "Done",
        "low": "Low",
        "medium": "Medium",
        "high": "High",
        "day": "d",
        "hour": "h",
        "minute": "min",
        "short_day": "j M",
    },
    "ru": {
        "report": "отчёт",
        "made": "Составлен",
        "created": "Создано",
        "done_in_period": "Выполнено",
        "open_at_end": "Открыто на конец",
        "overdue_at_end": "Просрочено на конец",
        "open": "Открыто",
        "overdue": "Просрочено",
        "done_count": "Выполнено",
        "median": "Половина выполнена за",
        "percentile_75": "Три четверти — за",
        "mean": "В среднем",
        "cycle_time": "Время от создания до выполнения",
        "nothing_done": "За этот период ничего не выполнено.",
        "no_tasks": "За этот период задач не было.",
        "by_status": "Задачи по статусам",
        "by_person": "По людям и статусам",
        "by_priority": "По приоритетам",
        "by_day": "Создано и выполнено по дням",
        "by_week": "Создано и выполнено по неделям",
        "person": "Кто",
        "priority": "Приоритет",
        "all": "Всего",
        "nobody": "Никто",
        "longer": "дольше",
        "explained": "Выполненные задачи считаются за период, остальные — по состоянию на его конец. "
        "Задача числится за первым из исполнителей.",
        "todo": "К выполнению",
        "planned": "Запланировано",
        "in_progress": "В работе",
        "review": "На проверке",
        "done": "Готово",
        "low": "Низкий",
        "medium": "Средний",
        "high": "Высокий",
        "day": "дн.",
        "hour": "ч",
        "minute": "мин",
        "short_day": "j E",
    },
}


class Wording:
    """How one reader is spoken to: in a language that reports know, about moments in their time zone."""

    def __init__(self, language: str, zone: ZoneInfo) -> None:
        self.language = language if language in WORDS else FALLBACK
        self.words = WORDS[self.language]
        self._zone = zone

    def day(self, day: date) -> str:
        """Return a date as a sentence has it."""
        return self._written(lambda: date_format(day, "DATE_FORMAT"))

    def short_day(self, day: date) -> str:
        """Return a date as a chart has room for it."""
        return self._written(lambda: date_format(day, self.words["short_day"]))

    def days(self, first: date, last: date) -> str:
        """Return some days in a row."""
        return self.day(first) if first == last else f"{self.day(first)} – {self.day(last)}"

    def moment(self, moment: datetime) -> str:
        """Return a moment with the name of the time zone it is shown in."""
        local = moment.astimezone(self._zone)
        return f"{self._written(lambda: date_format(local, 'DATETIME_FORMAT'))} ({self._zone.key})"

    def duration(self, seconds: int | None) -> str:
        """Return how long something took, in its two largest units; a dash where nothing did."""
        if seconds is None:
            return "–"
        if seconds < _HOUR:
            return f"{round(seconds / 60)} {self.words['minute']}"
        days, hours = divmod(round(seconds / _HOUR), 24)
        counts = ((days, self.words["day"]), (hours, self.words["hour"]))
        return " ".join(f"{count} {unit}" for count, unit in counts if count)

    def bound(self, seconds: int | None) -> str:
        """Return what a bucket of durations is called by its upper bound."""
        return self.words["longer"] if seconds is None else f"≤ {self.duration(seconds)}"

    def _written(self, write: Callable[[], str]) -> str:
        with translation.override(self.language):
            return write()
