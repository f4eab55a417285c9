"""/metrics, as Prometheus reads it: what this machine's processes have counted, and what the database says now.

Off unless `METRICS_TOKEN` or `METRICS_FROM_LOOPBACK` opens it; then nothing is counted either. No label names a person: routes
are names of views, and of mail domains only the large ones are named. `deploy/alerts.yaml` has rules for these figures, and
`docs/runbook.md` what to do about each alert.
"""
