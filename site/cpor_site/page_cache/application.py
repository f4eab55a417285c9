"""The WSGI application in front of Django's."""

from cpor_core import content_version

from .pages import CachedPage, Headers, cached_page, is_same_for_everybody
from .requests import accepted_coding, has_copy, is_anonymous, key_of
from .store import PageStore

SHARE_OF_QUERIES = 5  # one page in so many may have a query: the lists narrowed down


class PageCache:
    """Answers anonymous visitors from the cached pages, and everybody else by `application`."""

    def __init__(self, application, *, size: int, version: content_version.ContentVersion | None = None):
        self.application = application
        self.pages = PageStore(size)
        # Anybody can make up queries without end: these only push out one another.
        self.pages_with_query = PageStore(max(size // SHARE_OF_QUERIES, 1))
        self.version = version or content_version.shared()

    def __call__(self, environ, start_response):
        if not is_anonymous(environ):
            return self.application(environ, start_response)
        # Read before the page is made: a change of content meanwhile puts the page out of date at once.
        version = self.version.current()
        if version is None:
            return self.application(environ, start_response)
        coding = accepted_coding(environ.get("HTTP_ACCEPT_ENCODING", ""))
        key = key_of(environ, coding)
        store = self.pages_with_query if environ.get("QUERY_STRING") else self.pages
        page = store.get(key, version)
        if page is None:
            head = ResponseHead()
            response = self.application(environ, head.start)
            if not is_same_for_everybody(environ, response):
                start_response(head.status, head.headers)
                return response
            page = cached_page(response, head.headers, coding, version)
            response.close()
            store.put(key, page)
        return _answer(page, environ, start_response)


def _answer(page: CachedPage, environ, start_response) -> tuple[bytes, ...]:
    if has_copy(environ.get("HTTP_IF_NONE_MATCH", ""), page.etag):
        start_response("304 Not Modified", page.headers_of_unchanged)
        return ()
    start_response("200 OK", page.headers)
    return page.body


class ResponseHead:
    """Status and headers of Django's response, held back until it is known whether the page is cached."""

    status: str
    headers: Headers

    def start(self, status: str, headers: Headers, exc_info=None) -> None:
        self.status, self.headers = status, headers
