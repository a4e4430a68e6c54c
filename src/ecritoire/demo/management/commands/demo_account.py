"""An activated person of their own, for trying what cannot be undone; prints how to sign in, as JSON."""

import json
import secrets

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from ecritoire.accounts.models import Account, RecoveryAddress
from ecritoire.accounts.services import accounts_provision, app_password_create
from ecritoire.accounts.services.recovery import secret_questions_set
from ecritoire.demo.loading import ANSWERS
from ecritoire.demo.people import SCHOOLS
from ecritoire.demo.printed import people_file
from ecritoire.directory.models import Assignment, Structure
from ecritoire.directory.services import service_person_ensure
from ecritoire.mailstore.services import mailbox_create

SCHOOL = 2  # where Karim Delattre is the local IT contact
ALTERNATE = "sonde@partenaire.test"


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: object, **options: object) -> None:
        if not people_file().exists():
            raise CommandError("the demonstration is not loaded: run ./ecritoire up --demo")
        account, told = make()
        mailbox_create(account=account)
        self.stdout.write(json.dumps(told, ensure_ascii=False))


@transaction.atomic
def make() -> tuple[Account, dict[str, str]]:
    mark = "".join(chr(ord("a") + secrets.randbelow(26)) for _ in range(8))
    person = service_person_ensure(
        employee_number=f"D-{mark}", given_name="Noémie", family_name=f"Essai-{mark.title()}"
    )
    school = Structure.objects.get(uai=SCHOOLS[SCHOOL].uai)
    Assignment.objects.create(person=person, structure=school, function="Professeure", starts_on=timezone.localdate())
    accounts_provision(people=[person], acting_user=None)
    account = Account.objects.get(person=person)
    password, now = f"Valmont-{secrets.token_urlsafe(9)}-1", timezone.now()
    account.set_password(password)
    account.details_confirmed_at = account.memo_read_at = account.activated_at = now
    account.state = Account.State.ACTIVATED
    account.save()
    RecoveryAddress.objects.create(account=account, address=ALTERNATE, verified_at=now)
    secret_questions_set(account=account, answers=ANSWERS)
    app_password = app_password_create(account=account, name="Téléphone")[1]
    return account, {"sign_in": account.login, "password": password, "app_password": app_password, "name": str(person)}
