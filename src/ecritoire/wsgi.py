"""The pages, as gunicorn serves them."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ecritoire.settings")
application = get_wsgi_application()
