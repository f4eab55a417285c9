"""Webhooks of mail providers, through django-anymail, for a site that has installed it."""

from anymail.signals import EventType, tracking
from django.dispatch import receiver

from cpor_cases.actions import bounces
from cpor_cases.mail.bounce_reports import DELAYED, FAILED, Report
from cpor_core.email_addresses import normalise

_ACTIONS = {
    EventType.BOUNCED: FAILED,
    EventType.REJECTED: FAILED,
    EventType.FAILED: FAILED,
    EventType.DEFERRED: DELAYED,
}
# The provider's short reasons, in the words of servers. Without one of these nothing is said about the address.
_REASONS = {"invalid": "5.1.3 address does not exist", "bounced": "5.1.1 user unknown"}


@receiver(tracking)
def take_event(sender, event, esp_name, **kwargs) -> None:
    """Note a bounce that the provider reports; anymail has made sure that it is the provider's."""
    action = _ACTIONS.get(event.event_type)
    if action is None or not event.recipient:
        return
    answer = event.mta_response or _REASONS.get(event.reject_reason) or event.description or ""
    ids = (event.metadata or {}).get("message_id"), (event.message_id or "").strip("<>")
    bounces.note(
        Report(frozenset(filter(None, ids)), frozenset({normalise(event.recipient)}), action, "", answer)
    )
