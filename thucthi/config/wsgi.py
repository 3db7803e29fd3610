"""The WSGI entry point."""

import os

from django.core.wsgi import get_wsgi_application

# A request sees what its viewer may see, and nothing before he is known; the worker and the commands begin otherwise.
os.environ["THUCTHI_DATABASE_VIEWER"] = "nobody"
# Longer than any statement may take here (ten seconds), shorter than people wait (config/patience).
os.environ.setdefault("THUCTHI_DATABASE_PATIENCE", "12")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "thucthi.config.settings")

application = get_wsgi_application()
