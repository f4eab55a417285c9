"""The entry of a web server, from the project's root: PYTHONPATH=site granian --interface wsgi cpor_site.wsgi:application"""

import os
from wsgiref.types import WSGIApplication

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import connections

from cpor_core import conf
from cpor_core.request_charset import AlwaysUTF8
from cpor_core.whole_bodies import WholeBodies
from cpor_site.page_cache import PageCache

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cpor_site.settings.production")

application: WSGIApplication = WholeBodies(AlwaysUTF8(get_wsgi_application()))
# Only here: a worker or a command may have to wait longer for the database than a page.
connections.settings["default"]["OPTIONS"].update(settings.DATABASE_WEB_OPTIONS)
if conf.PAGE_CACHE_PAGES:
    application = PageCache(application, size=conf.PAGE_CACHE_PAGES)
