"""The entry of a web server, from the project's root: PYTHONPATH=site granian --interface wsgi cpor_site.wsgi:application"""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cpor_site.settings.production")

application = get_wsgi_application()
