"""/healthz says that the process answers; /readyz that it can do its work, and what waits for the worker.

Without the database no request can be served: 503, so that a load balancer sends none. Without queue and cache every page
and form works, and a long queue delays nobody's page: both are only reported (WARNING).
"""
