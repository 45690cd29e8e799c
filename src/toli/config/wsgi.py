"""What Granian serves."""

import os

from toli.config.children import die_with_parent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "toli.config.settings")
die_with_parent()  # a worker must not outlive its Granian

from django.core.wsgi import get_wsgi_application  # noqa: E402

application = get_wsgi_application()
