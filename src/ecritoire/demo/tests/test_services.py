"""The demonstration's services: one of each protocol people meet, made once."""

import pytest

from ecritoire.demo.services import services_make
from ecritoire.portal.models import Service

pytestmark = pytest.mark.django_db


def test_it_works():
    services_make()
    services_make()
    assert set(Service.objects.values_list("protocol", flat=True)) == {"oidc", "cas"}
    assert Service.objects.count() == 3
    assert Service.objects.filter(is_own=False).count() == 1
