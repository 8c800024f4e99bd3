"""Searching all that an actor sees."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from baton.core.actor import Actor
from baton.core.errors import NotFound
from baton.core.models import Task
from baton.core.policies.visibility import tasks_of_all_seen_by, tasks_seen_by, viewer_values, visible_projects
from baton.core.queries import shapes
from baton.core.queries.keyset import Page
from baton.core.queries.listing import Slice, cut
from baton.core.queries.search_expressions import find_anywhere, find_by_relevance
from baton.core.queries.search_lookups import BEFORE_ALL, BEHIND_ALL, FoundInOrder, fits
from baton.core.queries.search_snippets import COLUMNS, show_where
from baton.core.queries.search_spelling import correct
from baton.core.queries.search_words import Words
from baton.lib.compiled import COUNTED, Compiled
from baton.lib.statements import Param, Row

RELEVANT_FIRST, RELEVANT_LAST = "-relevance", "relevance"


def search(actor: Actor, words: Words, project_id: int | None, ordering: str, page: Page) -> Slice[shapes.Found]:
    """Return a page of what has these words, in one project or all that the actor sees; each task once.

    The most relevant stand first (`-relevance`), of equally relevant tasks the newest. Where a word stands nowhere,
    what it may have been meant to be is looked for. Raises NotFound for the project.
    """
    found = _find(actor, words, project_id, ordering, page)
    if not found.items:
        _require_project(actor, project_id)
        if corrected := correct(actor, words):
            words = corrected
            found = _find(actor, words, project_id, ordering, page)
    return found.map(lambda rows: show_where(words, rows))


def count_found(actor: Actor, words: Words, project_id: int | None) -> int:
    """Return how many tasks `search` finds."""
    count = _count(actor, words, project_id)
    if not count and (corrected := correct(actor, words)):
        count = _count(actor, corrected, project_id)
    return count


def _find(actor: Actor, words: Words, project_id: int | None, ordering: str, page: Page) -> Slice[Row]:
    """Return the page's rows, each with its relevance and id: one relevance after the other, until the page is full.

    So a word that stands in half of all tasks costs as little as a rare one: nothing is ranked that isn't shown.
    """
    is_descending = (ordering == RELEVANT_FIRST) != page.backwards
    query, edge = (_NEWEST, BEHIND_ALL) if is_descending else (_OLDEST, BEFORE_ALL)
    values: dict[str, Any] = {**viewer_values(actor), "project": project_id}
    start_relevance, start_id = page.start or (None, None)
    has_all_before = is_descending and page.start is None
    found: dict[int, Row] = {}
    for relevance, expressions in sorted(find_by_relevance(words).items(), reverse=is_descending):
        if start_relevance is not None and _is_before(relevance, start_relevance, is_descending=is_descending):
            continue
        values["start"] = start_id if relevance == start_relevance else edge
        # Where all that is more relevant has been found, it is cheaper to find it again than to have it left out.
        values["expression"] = expressions.at_least if has_all_before else expressions.only
        values["limit"] = page.size + 1 - (0 if has_all_before else len(found))
        for row in query.rows(project_id is not None, values):
            found.setdefault(row[0], (*row, relevance, row[0]))
        if len(found) > page.size:
            break
    return cut(list(found.values())[: page.size + 1], page, 2)


def _is_before(relevance: int, start: int, *, is_descending: bool) -> bool:
    """Has everything of this relevance been shown on the pages before this one?"""
    return relevance > start if is_descending else relevance < start


def _count(actor: Actor, words: Words, project_id: int | None) -> int:
    values = {**viewer_values(actor), "project": project_id, "expression": find_anywhere(words)}
    count: int = _COUNT.rows(project_id is not None, values)[0][0]
    return count


def _require_project(actor: Actor, project_id: int | None) -> None:
    if project_id is not None and not visible_projects(actor).filter(pk=project_id).exists():
        raise NotFound(f"There is no project {project_id}, or you may not see it.")


def _seen(in_project: bool) -> QuerySet[Task, tuple[Any, ...]]:  # noqa: FBT001 - the shape of a compiled query
    if in_project:
        return tasks_seen_by(Param("viewer")).filter(project=Param("project")).values_list(*COLUMNS)
    return tasks_of_all_seen_by(Param("viewer")).values_list(*COLUMNS)


def _found(in_project: bool) -> QuerySet[Task, tuple[Any, ...]]:  # noqa: FBT001 - the shape of a compiled query
    return _seen(in_project).filter(fits("expression")).values_list("pk")


_NEWEST = Compiled(_seen, FoundInOrder("", is_limited=True))
_OLDEST = Compiled(_seen, FoundInOrder("", is_limited=True, is_descending=False))
_COUNT = Compiled(_found, COUNTED)
