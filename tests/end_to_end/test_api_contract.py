"""``/api/openapi.json`` keeps its word: schemathesis calls every operation through nginx, as it is told to and as it must not.

Bounded and the same each time. Each part of the API has a client of its own, in an académie of its own.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
from pathlib import Path

import httpx
import pytest

from launcher import config

DOMAIN = "ac-contrat.test"
CONTRACT = Path(__file__).parent / "contract"
EXAMPLES = "25"
MAKE = f"""
import json
from django.utils import timezone
from ecritoire.accounts.models import ApiScope
from ecritoire.accounts.services.api_clients import api_client_create
from ecritoire.directory.models import Organisation
there, _ = Organisation.objects.get_or_create(mail_domain="{DOMAIN}", defaults={{"name": "Académie du contrat"}})
now = timezone.now().isoformat()
print(json.dumps({{scope.value.partition(":")[0]: api_client_create(
    organisation=there, name=f"{{scope}} {{now}}", scopes=[scope], networks=[], acting_user=None
)[1] for scope in (ApiScope.TICKETS_WRITE, ApiScope.INCIDENTS_WRITE, ApiScope.STAFF_WRITE)}}))
"""


@pytest.fixture(scope="session")
def tokens() -> dict[str, str]:
    command = [str(config.PROJECT_ROOT / "ecritoire"), "manage", "shell", "-v0", "-c", MAKE]
    made: dict[str, str] = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    return made


@pytest.mark.parametrize("part", ["tickets", "incidents", "staff"])
def test_it_works(site, tokens, part, tmp_path):
    authority = str(site.tls / "ca.pem")
    address = f"{site.config.base_url}/api/openapi.json"
    command = [f"{site.venv}/bin/schemathesis", "--config-file", str(CONTRACT / "schemathesis.toml"), "run", address]
    command += ["--include-tag", part, "-H", f"Authorization: Bearer {tokens[part]}", "--tls-verify", authority]
    command += ["--phases", "examples,coverage,fuzzing", "--max-examples", EXAMPLES, "--generation-deterministic"]
    command += ["--checks", "all", "--request-timeout", "30", "--no-color", "--suppress-health-check", "all"]
    told = {"REQUESTS_CA_BUNDLE": authority, "PYTHONPATH": str(config.PROJECT_ROOT)}
    environment = os.environ | told | {"SCHEMATHESIS_HOOKS": "tests.end_to_end.contract.hooks"}
    run = subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout[-20_000:] + run.stderr[-2_000:]
    counted = re.search(r"(\d+) generated", run.stdout)
    assert counted is not None
    assert int(counted[1]) > 100, "it called"


def test_a_call_without_a_token_or_a_scope(site, tls, tokens):
    with httpx.Client(base_url=site.config.base_url, verify=tls) as http:
        bare = http.get("/api/v1/tickets")
        assert (bare.status_code, bare.headers["WWW-Authenticate"]) == (401, 'Bearer realm="api"')
        headers = {"Authorization": f"Bearer {tokens['tickets']}"}
        assert http.get("/api/v1/tickets", headers=headers).status_code == 200
        refused = http.get("/api/v1/incidents", headers=headers)
        assert (refused.status_code, refused.headers["Content-Type"]) == (403, "application/problem+json")
