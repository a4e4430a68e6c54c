"""The first administrator of an académie. The others they name themselves."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from ecritoire.accounts.models import Account
from ecritoire.common.roles import Role
from ecritoire.common.services import Actor, audit_record
from ecritoire.directory.addresses import fold
from ecritoire.directory.models import Organisation, Person
from ecritoire.directory.services import addresses_allocate
from ecritoire.directory.services.people import FOREVER

from .letters import temporary_password_mail
from .provisioning import accounts_provision
from .roles import role_grant


class AppointmentRefused(Exception):
    """The message says why, in the reader's language."""


def administrator_appoint(
    *,
    organisation: Organisation,
    given_name: str,
    family_name: str,
    employee_number: str,
    private_email: str,
    acting_user: Actor,
) -> Account:
    """Somebody new to the directory, with an account and the role; the temporary password goes to their private address.

    Whoever is there already is named by an administrator of theirs: who looks after the installation does not deal with an
    académie's people. Raises AppointmentRefused. The acts are in that académie's journal.
    """
    with transaction.atomic():
        if Person.objects.filter(organisation=organisation, employee_number=employee_number).exists():
            raise AppointmentRefused(
                _("Ce matricule est déjà celui de quelqu'un : un administrateur de l'académie le nomme.")
            )
        person = Person.objects.create(
            organisation=organisation,
            employee_number=employee_number,
            given_name=given_name,
            family_name=family_name,
            category=Person.Category.ADMINISTRATIVE,
            private_email=private_email,
            search_name=fold(f"{given_name} {family_name}"),
            right_from=FOREVER,
        )
        addresses_allocate(people=[person])
        (account,) = accounts_provision(people=[person], acting_user=acting_user)
        role_grant(account=account, role=Role.ADMINISTRATOR, structure=None, acting_user=acting_user)
        temporary_password_mail(accounts=[account], acting_user=acting_user)
        audit_record(acting_user=acting_user, action="academy.appoint", target=organisation.mail_domain, within="")
    return account
