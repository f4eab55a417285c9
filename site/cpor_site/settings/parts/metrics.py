"""/metrics: closed unless one of these opens it."""

import os

from cpor_site.private_folder import make_private
from cpor_site.settings import values

from .environment import VAR_DIR, env

METRICS_TOKEN = env("METRICS_TOKEN", read=values.bearer_token)
METRICS_FROM_LOOPBACK = env.bool("METRICS_FROM_LOOPBACK", default=False)
if METRICS_TOKEN or METRICS_FROM_LOOPBACK:
    # The library reads it when it is imported. Web processes and workers of a machine count there together.
    make_private(VAR_DIR / "metrics")
    os.environ.setdefault("PROMETHEUS_MULTIPROC_DIR", str(VAR_DIR / "metrics"))
