"""Messages of the task queue: signed with the site's key, because unpickling one that somebody else wrote runs their code.

The cache in Redis, which holds pickles as well, takes the same signature (`cpor_site.cache`).
"""

from django.conf import settings
from huey.serializer import Serializer, SignedSerializer


class ForgedMessage(Exception):
    """A message without a signature of this site. The consumer logs it and goes on; the message is gone."""


class SiteKeySerializer(Serializer):
    """Sign with SECRET_KEY; read what SECRET_KEY or one of SECRET_KEY_FALLBACKS signed, as Django's own signers do.

    Huey's SignedSerializer has one secret and is made while the settings are read; this one asks them when it is used.
    """

    def __init__(self, salt: str = "cpor_site.task_queue", **options):
        super().__init__(**options)
        self.salt = salt

    def _serialize(self, data) -> bytes:
        return SignedSerializer(settings.SECRET_KEY, self.salt)._serialize(data)

    def _deserialize(self, data: bytes):
        for secret in [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]:
            try:
                message = SignedSerializer(secret, self.salt)._unsign(data)
            except ValueError:
                continue
            return super()._deserialize(message)
        raise ForgedMessage("a message without this site's signature was dropped")
