"""scim2-tester, a conformance suite, on the pages themselves; tests/end_to_end runs it through nginx and gunicorn."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from scim2_client import BaseSyncSCIMClient
from scim2_tester import Status, check_server

from ecritoire.api.tests.conftest import Program

GREEN = {Status.SUCCESS, Status.COMPLIANT, Status.ACCEPTABLE}


class Engine(BaseSyncSCIMClient):
    """The suite's requests, made by one of our programs."""

    def __init__(self, program: Program) -> None:
        super().__init__()
        self.program, self.base = program, f"{settings.CONFIG.base_url}/scim/v2"

    def request(self, method: str, url: str, **kwargs: Any) -> Any:
        path = "/scim/v2/" + url.removeprefix(self.base).lstrip("/")
        query = urlencode(kwargs.get("params") or {}, doseq=True)
        body = json.dumps(kwargs["json"]) if kwargs.get("json") is not None else ""
        answer = self.program.generic(
            method, f"{path}?{query}", body, content_type="application/scim+json", headers=kwargs.get("headers")
        )
        answer.text = answer.content.decode()
        return answer

    def _stays_under_base_url(self, endpoint: str) -> bool:
        return True

    def _parse_json(self, response: Any) -> Any:
        return response.json()


def test_it_works(rh):
    results = check_server(Engine(rh))
    wrong = [f"{r.resource_type} {r.title}: {r.reason}" for r in results if r.status not in GREEN]
    assert not wrong, "\n".join(wrong)
    assert len(results) > 50
