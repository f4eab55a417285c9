"""Signals of the core that other apps receive."""

from django.dispatch import Signal

# What has been kept long enough is being purged. Arguments: `now`. Receivers purge what is theirs in the database and
# return how much of what: {"searches without a hit": 3}.
expired = Signal()

# Nothing of these people is kept any more. Arguments: `words`, their names and addresses. Receivers delete what
# mentions one of them and return the same.
forgotten = Signal()

# A public page tells what the mails of this service are like. No arguments; in the active language a receiver returns
# {"sender": "name <address>", "site": whole address, "check_url": …, "subjects": […], "subject": …, "text": …}, the last
# two of a mail as it is really written.
mails_described = Signal()

# A public page shows how the service has kept its promises. No arguments; a receiver returns in the active language
# {"figures": finished HTML, "url": address of the figures as a file}, or None if nothing is shown to the public.
record_asked = Signal()

# Something that public pages show has changed, or is about to in the transaction at hand. No arguments.
content_changed = Signal()

# What the service is called and looks like is asked for. Arguments: `request`, or None. A receiver returns a
# `cpor_core.branding.Branding`; what it leaves empty is as the service comes.
branding_asked = Signal()
