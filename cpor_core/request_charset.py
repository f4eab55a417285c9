"""In which encoding forms and addresses are read: UTF-8, as every browser sends what its person types."""

import re

from django.utils.http import parse_header_parameters

_CHARSET = re.compile(r';\s*charset\*?\s*=\s*("(?:\\.|[^"\\])*"|[^;]*)', re.IGNORECASE)


class AlwaysUTF8:
    """A WSGI application to which no request names an encoding.

    Django decodes forms and addresses by whichever of Python's codecs a request names, and before any middleware: of
    `unicode_escape` comes text that no database takes, of `base64` an error. Views that read other bodies find out themselves.
    """

    def __init__(self, application):
        self.application = application

    def __call__(self, environ, start_response):
        content_type = environ.get("CONTENT_TYPE", "")
        if "charset" in content_type.lower():
            environ["CONTENT_TYPE"] = without_charset(content_type)
        return self.application(environ, start_response)


def without_charset(content_type: str) -> str:
    """Return a content type without its parameter `charset`; without any, if it is written so that this cannot be told."""
    shorter = _CHARSET.sub("", content_type)
    kind, parameters = parse_header_parameters(shorter)
    return kind if "charset" in parameters else shorter
