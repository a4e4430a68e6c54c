"""Address fields as people type them."""

from __future__ import annotations

from email.headerregistry import Address
from email.utils import getaddresses

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

RECIPIENT_LIMIT = 200
Person = dict[str, str | None]


def parse_addresses(text: str) -> list[Person]:
    """``Nom <adresse>, adresse`` as JMAP EmailAddress objects. Raises ValidationError naming each wrong one."""
    text = text.replace("\r", " ").replace("\n", " ").replace(";", ",").strip().strip(",")
    if not text:
        return []
    people: list[Person] = []
    wrong = []
    for name, address in getaddresses([text], strict=False):
        try:
            validate_email(address)
        except ValidationError:
            wrong.append(address or name or text)
            continue
        if not any(person["email"] == address for person in people):
            people.append({"name": name or None, "email": address})
    if wrong:
        raise ValidationError(_("Adresse incorrecte : %(wrong)s") % {"wrong": ", ".join(wrong)})
    if len(people) > RECIPIENT_LIMIT:
        raise ValidationError(_("%(limit)s destinataires au plus : utilisez une liste.") % {"limit": RECIPIENT_LIMIT})
    return people


def format_addresses(people: list[Person] | None) -> str:
    return ", ".join(format_address(person) for person in people or [])


def format_address(person: Person) -> str:
    if not person.get("name"):
        return str(person["email"])
    try:
        return str(Address(display_name=str(person["name"]), addr_spec=str(person["email"])))
    except ValueError:
        return str(person["email"])
