"""What the webmail's templates need: dates, and the rows of a list."""

from __future__ import annotations

from django import template

from ecritoire.webmail.dates import full_date, mail_date, message_date
from ecritoire.webmail.here import mail_url
from ecritoire.webmail.row_html import rows_html

register = template.Library()
register.filter("mail_date", mail_date)
register.filter("full_date", full_date)
register.filter("message_date", message_date)
register.simple_tag(rows_html, name="mail_rows")
register.simple_tag(mail_url)
