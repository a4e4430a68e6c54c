"""What local IT contacts are told of colleagues to remind."""

from __future__ import annotations

from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from ecritoire.accounts.lifecycle import OPEN, State
from ecritoire.accounts.models import Account
from ecritoire.accounts.overview import people_working_in

from .mail import RETRY, send


@app.task(name="accounts.relaunch_contact", retry=RETRY)
def send_to_contact(*, contact_id: int, account_ids: list[int]) -> None:
    """Those of ``account_ids`` who work in the contact's schools and have not activated their account since."""
    contact = Account.objects.filter(pk=contact_id, state__in=OPEN).select_related("person__organisation").first()
    if contact is None:
        return
    theirs = people_working_in(contact.contact_structures)
    rows = Account.objects.filter(pk__in=account_ids, person__in=theirs, state=State.PROVISIONED)
    people = list(rows.select_related("person").order_by("person__family_name", "person__given_name"))
    if people:
        page = f"{contact.person.organisation.base_url}/compte/etablissement/"
        subject = _("Des collègues n'ont pas encore activé leur boîte")
        send("relaunch_contact", subject, contact.login, owner=contact, people=people, page=page)
