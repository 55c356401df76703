"""The site's own settings; only static files are taken from where they lie, for nothing is collected here."""

from huanze.site.settings import *  # noqa: F403
from huanze.site.settings import STORAGES as _SITE

STORAGES = {**_SITE, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
STATIC_ROOT = ""
