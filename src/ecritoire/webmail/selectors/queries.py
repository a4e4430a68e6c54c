"""What a list shows: a folder or a search, filters, a page; to and from the address bar."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..here import mail_url
from ..jmap_ids import valid_id
from .elisions import condition
from .search_syntax import Search, parse_date, search_parse

PAGE_SIZE = 50
FILTERS = {"non-lus": _("Non lus"), "suivis": _("Suivis"), "pieces": _("Avec pièce jointe")}
FILTER_CONDITIONS: dict[str, dict[str, Any]] = {
    "non-lus": {"notKeyword": "$seen"},
    "suivis": {"hasKeyword": "$flagged"},
    "pieces": {"hasAttachment": True},
}


@dataclass(frozen=True)
class ListQuery:
    """``folder`` is a folder id, empty for every folder; ``text`` is what was typed in the search box."""

    folder: str = ""
    text: str = ""
    filter: str = ""
    page: int = 1
    fields: Search = field(default_factory=Search)

    @classmethod
    def from_parameters(cls, parameters: Mapping[str, str], *, folder: str = "") -> ListQuery:
        """From a query string; whatever it holds that makes no sense is left out."""
        page = parameters.get("page", "")
        chosen = parameters.get("filtre", "")
        return cls(
            folder=folder or valid_id(parameters.get("dossier", "")),
            text=parameters.get("q", "").replace("\0", "").strip()[:500],
            filter=chosen if chosen in FILTERS else "",
            page=min(int(page), 100_000) if page.isascii() and page.isdigit() and int(page) else 1,
            fields=_search_fields(parameters),
        )

    @property
    def search(self) -> Search:
        return search_parse(self.text).merged(self.fields)

    @property
    def is_search(self) -> bool:
        return not self.search.is_empty

    @property
    def position(self) -> int:
        return (self.page - 1) * PAGE_SIZE

    def parameters(self) -> dict[str, str]:
        """What ``from_parameters`` reads back, the folder included."""
        pairs = {"dossier": self.folder, "q": self.text, "filtre": self.filter, **self.fields.parameters()}
        pairs["page"] = str(self.page) if self.page > 1 else ""
        return {name: value for name, value in pairs.items() if value}

    def url(self, **changes: Any) -> str:
        query = replace(self, **changes)
        parameters = query.parameters()
        if query.is_search or not query.folder:
            path = mail_url("search")
        else:
            path = mail_url("folder", parameters.pop("dossier"))
        return f"{path}?{urlencode(parameters)}" if parameters else path

    @property
    def context(self) -> str:
        """The query string a conversation's address carries, to know its neighbours and the way back."""
        return urlencode(self.parameters())

    def jmap_filter(self) -> dict[str, Any]:
        conditions: list[dict[str, Any]] = [{"inMailbox": self.folder}] if self.folder else []
        if self.filter:
            conditions.append(FILTER_CONDITIONS[self.filter])
        conditions += _search_conditions(self.search)
        if len(conditions) == 1:
            return conditions[0]
        return {"operator": "AND", "conditions": conditions} if conditions else {}


def _search_fields(parameters: Mapping[str, str]) -> Search:
    return Search(
        sender=parameters.get("de", "").strip()[:200],
        recipient=parameters.get("a", "").strip()[:200],
        subject=parameters.get("objet", "").strip()[:200],
        after=parse_date(parameters.get("apres", "")),
        before=parse_date(parameters.get("avant", "")),
        attachment=bool(parameters.get("pj")),
    )


def _search_conditions(search: Search) -> list[dict[str, Any]]:
    conditions = [condition(field, text) for field, text in search.texts.items() if text.strip()]
    if search.after:
        conditions.append({"after": _start_of(search.after)})
    if search.before:
        conditions.append({"before": _start_of(search.before + timedelta(days=1))})
    if search.attachment:
        conditions.append({"hasAttachment": True})
    if search.unread:
        conditions.append({"notKeyword": "$seen"})
    if search.flagged:
        conditions.append({"hasKeyword": "$flagged"})
    return conditions


def _start_of(day: date) -> str:
    local = datetime.combine(day, time(), tzinfo=timezone.get_current_timezone())
    return local.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
