"""The pages, as gunicorn serves them."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ecritoire.settings")
application = get_wsgi_application()

# Slow to import, so before gunicorn forks: every worker then has it for nothing.
import ecritoire.portal.sso.saml.views  # noqa: E402, F401
