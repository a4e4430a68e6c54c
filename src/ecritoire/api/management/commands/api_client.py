"""A client of the API, from the machine: its token is printed once."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from ecritoire.accounts.models import ApiClient, ApiScope
from ecritoire.accounts.services.api_clients import api_client_create
from ecritoire.directory.models import Organisation


class Command(BaseCommand):
    help = "Let a program in: prints its token, which nothing shows again."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name")
        parser.add_argument("--scope", choices=ApiScope.values, default=ApiScope.SCIM_WRITE)
        parser.add_argument("--domain", default=settings.MAIL_DOMAIN, help="the académie's mail domain")
        parser.add_argument("--network", action="append", default=[], help="an address or network admitted; repeatable")

    def handle(self, *args: Any, **options: Any) -> None:
        organisation = Organisation.objects.filter(mail_domain=options["domain"]).first()
        if organisation is None:
            raise CommandError(f"--domain: no académie has {options['domain']}")
        if ApiClient.objects.filter(organisation=organisation, name=options["name"]).exists():
            raise CommandError(f"{options['name']}: a client has this name")
        _client, token = api_client_create(
            organisation=organisation,
            name=options["name"],
            scopes=[ApiScope(options["scope"])],
            networks=options["network"],
            acting_user=None,
        )
        self.stdout.write(token)
