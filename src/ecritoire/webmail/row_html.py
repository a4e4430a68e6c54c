"""The rows of a list as HTML, written in Python: a template takes four times as long as the store itself for fifty rows.

Everything that came in a message goes through ``escape``; labels are looked up once a list.
"""

from __future__ import annotations

from functools import cached_property
from urllib.parse import quote

from django.utils import timezone
from django.utils.html import conditional_escape, escape, strip_tags
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from ecritoire.common.templatetags.ui import icon

from .dates import mail_date
from .here import mail_url, mailbox_here
from .selectors.conversations import ConversationPage
from .selectors.rows import SHOWN_PEOPLE, Row, Sender

ROW = """<li class="mail-row{row_class}" data-row>
<label class="mail-check"><input type="checkbox" name="fil" value="{thread}"><span class="fr-sr-only">{tick}</span></label>
{star}
<a class="mail-row__link" href="{url}"{no_boost}>{unread}<span class="mail-row__people">{people}</span>
<span class="mail-row__text">{places}<span class="mail-row__subject">{subject}</span>{preview}</span>
<span class="mail-row__marks">{marks}</span>
<time class="mail-row__date" datetime="{iso}" title="{full_date}">{date}</time></a>
</li>
"""


def rows_html(page: ConversationPage) -> SafeString:
    """The ``<li>`` elements of a page."""
    writer = _RowWriter(page)
    return mark_safe("".join(writer.row(row) for row in page.rows))  # noqa: S308 - escaped piece by piece


class _RowWriter:
    def __init__(self, page: ConversationPage) -> None:
        self._shows_recipients = bool(page.folder and page.folder.shows_recipients)
        self._shows_places = page.folder is None
        self._context = escape(page.query.context)
        self._me, self._nobody = (
            escape(_("moi") if mailbox_here() is None else _("nous")),
            escape(_("Expéditeur inconnu")),
        )
        self._untitled = escape(_("Sans objet"))
        self._tick = _("Cocher « %s »")
        self._conversation_url = mail_url("conversation", "-")

    def row(self, row: Row) -> str:
        subject = conditional_escape(row.subject) or self._untitled
        return ROW.format(
            row_class=" mail-row--unread" if row.unread else "",
            thread=escape(row.thread_id),
            tick=escape(self._tick % (strip_tags(str(row.subject)) or self._untitled)),
            star=self._star_on % escape(row.thread_id) if row.flagged else self._star_off % escape(row.thread_id),
            url=self._url(row),
            no_boost=' hx-boost="false"' if row.is_lone_draft else "",
            unread=self._unread if row.unread else "",
            people=self._people(row),
            places=self._places(row),
            subject=subject,
            preview=f'<span class="mail-row__preview"> — {conditional_escape(row.preview)}</span>'
            if row.preview
            else "",
            marks=self._attached if row.has_attachment else "",
            iso=row.received_at.isoformat(),
            full_date=f"{timezone.localtime(row.received_at):%d/%m/%Y %H:%M}",
            date=escape(mail_date(row.received_at)),
        )

    def _url(self, row: Row) -> str:
        if row.is_lone_draft:
            return mail_url("draft", row.email_id)
        path = self._conversation_url.replace("/-/", f"/{quote(row.thread_id, safe='')}/")
        return f"{path}?{self._context}&amp;rang={row.rank}"

    def _people(self, row: Row) -> str:
        if self._shows_recipients:
            names = ", ".join(escape(person.label) for person in row.recipients[:SHOWN_PEOPLE])
            return self._to % (names or self._no_recipient)
        shown = row.senders
        if len(shown) > SHOWN_PEOPLE:
            shown = [shown[0], *shown[1 - SHOWN_PEOPLE :]]
        names = ", ".join(self._sender(sender) for sender in shown)
        draft = f", {self._draft}" if row.has_draft and not row.is_lone_draft else ""
        return names + draft + (self._count % row.count if row.count > 1 else "")

    def _sender(self, sender: Sender) -> str:
        name = self._me if sender.is_self else escape(sender.address.label) or self._nobody
        return f'<span class="mail-row__new">{name}</span>' if sender.unread else str(name)

    def _places(self, row: Row) -> str:
        draft = f"{self._draft} " if row.is_lone_draft else ""
        if not self._shows_places:
            return draft
        badge = '<span class="fr-badge mail-row__folder">%s</span> '
        return "".join(badge % escape(folder.label) for folder in row.folders) + draft

    @cached_property
    def _star_on(self) -> str:
        return self._star("ne-plus-suivre", "mail-star mail-star--on", "star-on", _("Ne plus suivre"))

    @cached_property
    def _star_off(self) -> str:
        return self._star("suivre", "mail-star", "star", _("Suivre"))

    def _star(self, name: str, css: str, icon_name: str, label: str) -> str:
        text = escape(label)
        hidden = f'<span class="fr-sr-only">{text}</span>'
        return f'<button class="{css}" name="{name}" value="%s" title="{text}">{icon(icon_name)}{hidden}</button>'

    @cached_property
    def _attached(self) -> str:
        text = escape(_("Avec pièce jointe"))
        return f'<span title="{text}">{icon("attach")}<span class="fr-sr-only">{text}</span></span>'

    @cached_property
    def _unread(self) -> str:
        return f'<span class="fr-sr-only">{escape(_("Non lu."))} </span>'

    @cached_property
    def _draft(self) -> str:
        return f'<span class="mail-row__draft">{escape(_("brouillon"))}</span>'

    @cached_property
    def _to(self) -> str:
        return escape(_("À :")) + " %s"

    @cached_property
    def _no_recipient(self) -> str:
        return f"<em>{escape(_('personne encore'))}</em>"

    @cached_property
    def _count(self) -> str:
        label = escape(_("messages"))
        return f' <span class="mail-row__count">%d<span class="fr-sr-only"> {label}</span></span>'
