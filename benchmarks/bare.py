"""The least a WSGI application can do: give one finished answer. The limit that cached pages are measured against."""

import json
import os
from pathlib import Path

_answer = json.loads(Path(os.environ["BARE_ANSWER"]).read_text())
_headers = [tuple(header) for header in _answer["headers"]]
_body = (_answer["body"].encode(),)


def application(environ, start_response):
    start_response("200 OK", _headers)
    return _body
