from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from ecritoire.mailflow.postman import serve


class Command(BaseCommand):
    help = "Take the mail addressed to the service itself from Postfix, over LMTP."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--socket", type=Path, required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        asyncio.run(serve(options["socket"]))
