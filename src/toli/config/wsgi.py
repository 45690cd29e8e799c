"""What Granian serves."""

import gc
import os

from toli.config.children import die_with_parent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "toli.config.settings")
die_with_parent()  # a worker must not outlive its Granian

gc.disable()  # nothing that is made while starting is garbage

from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.urls import get_resolver  # noqa: E402

application = get_wsgi_application()
get_resolver().url_patterns  # noqa: B018 - all pages are loaded before the first person asks for one
gc.freeze()  # and no collection looks at it again
gc.enable()
