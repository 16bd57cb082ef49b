import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "forumimport.site.settings")

application = get_wsgi_application()

# What is loaded by now stays as long as the process. Looking through all of it for reference cycles
# takes tens of milliseconds, in the middle of somebody's answer.
gc.freeze()
