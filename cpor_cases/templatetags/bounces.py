"""Whether mail to the reader's own address comes back."""

from django import template

from cpor_cases.mail.wording import reason_in_words
from cpor_cases.models import BouncedAddress

register = template.Library()


@register.simple_tag
def bounced(user) -> dict | None:
    """Return why and since when nothing is mailed to a person who is logged in; None where mail arrives."""
    if not user.email:
        return None
    mark = BouncedAddress.objects.hard().of(user.email).first()
    return mark and {"since": mark.since, "reason": reason_in_words(mark.answer)}
