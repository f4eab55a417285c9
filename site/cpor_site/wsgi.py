"""The entry of a web server, from the project's root: PYTHONPATH=site granian --interface wsgi cpor_site.wsgi:application"""

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from cpor_pages.page_cache import PageCache
from cpor_site.whole_bodies import WholeBodies

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cpor_site.settings.production")

application = WholeBodies(get_wsgi_application())
if settings.PAGE_CACHE_PAGES:
    application = PageCache(application, most=settings.PAGE_CACHE_PAGES)
