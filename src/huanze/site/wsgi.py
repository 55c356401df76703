"""The door for the web server: huanze.site.wsgi:application."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "huanze.site.settings")
application = get_wsgi_application()
