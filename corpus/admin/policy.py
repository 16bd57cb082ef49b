"""What a browser may load on the pages that the corpus makes: the site's own, and nothing inline.

Sent where the site has django-csp's middleware.
"""

from __future__ import annotations

from csp.constants import NONE, SELF
from csp.decorators import csp

#: Images may be data: the admin's style sheets hold some.
POLICY = {
    "default-src": [SELF],
    "img-src": [SELF, "data:"],
    "object-src": [NONE],
    "base-uri": [SELF],
    "form-action": [SELF],
    "frame-ancestors": [NONE],
}

own_sources_only = csp(POLICY)
