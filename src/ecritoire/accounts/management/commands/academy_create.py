"""Make an académie, or bring it to what is given: academy_create ac-exemple.fr --name "Académie d'Exemple". Again: nothing changes.

Then ./ecritoire up tells the daemons its name and makes its keys.
"""

from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError

from ecritoire.directory.academy_forms import AcademyForm, initial_of
from ecritoire.directory.models import Organisation
from ecritoire.directory.services import academy_save

OPTIONS = {
    "name": "shown at the top of each page",
    "short_name": "",
    "host": "the name of its pages; the installation's own by default",
    "theme": "neutre or etat",
    "accent": "its colour on light pages, #rrggbb",
    "accent_dark": "its colour on dark pages",
    "siret": "fourteen digits",
    "more_domains": "other mail domains, separated by spaces",
    "support_phone": "",
    "support_hours": "",
    "support_address": "told of urgent requests",
    "dsi_address": "the postal address letters carry",
}


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("domain", help="its mail domain")
        for name, text in OPTIONS.items():
            parser.add_argument(f"--{name.replace('_', '-')}", dest=name, default=None, help=text)

    def handle(self, *args: object, domain: str, **options: object) -> None:
        known = Organisation.objects.filter(mail_domain=domain).first()
        given = {name: options[name] for name in OPTIONS if options[name] is not None}
        data = (initial_of(known) if known else {"theme": Organisation.Theme.NEUTRAL, "mail_domain": domain}) | given
        form = AcademyForm(data, organisation=known)
        if not form.is_valid():
            faults = [f"{name}: {fault}" for name, found in form.errors.items() for fault in found]
            raise CommandError("; ".join(faults))
        academy, made = academy_save(mail_domain=domain, values=form.cleaned_data, acting_user=None)
        self.stdout.write(f"{academy.mail_domain}: {'made' if made else 'up to date'}; run ./ecritoire up")
