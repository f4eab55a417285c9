"""What is wrong with a call, as a program and a person can read it (RFC 9457, problem+json)."""

from django.http import JsonResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from ninja import Field, Schema

PROBLEM_JSON = "application/problem+json"
TITLES = {
    400: gettext_lazy("The call cannot be read"),
    401: gettext_lazy("No valid token"),
    403: gettext_lazy("Not over this connection"),
    404: gettext_lazy("Not found"),
    405: gettext_lazy("Method not allowed"),
    409: gettext_lazy("Still being received"),
    411: gettext_lazy("Length missing"),
    413: gettext_lazy("Too large"),
    415: gettext_lazy("Unknown content type"),
    422: gettext_lazy("The content cannot be taken"),
    429: gettext_lazy("Too many calls"),
}


class ProblemDetails(Schema):
    """RFC 9457."""

    type: str = Field("about:blank", description="Always about:blank: the status says which problem it is.")
    title: str
    status: int
    detail: str


class Problem(Exception):
    """A call that is refused, with its status and a sentence for the person who reads the sender's log."""

    def __init__(self, status: int, detail: str, **headers: str):
        super().__init__(detail)
        self.status, self.detail = status, detail
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}


def answer(problem: Problem) -> JsonResponse:
    details = ProblemDetails(
        title=str(TITLES[problem.status]), status=problem.status, detail=str(problem.detail)
    )
    return JsonResponse(
        details.model_dump(),
        status=problem.status,
        content_type=PROBLEM_JSON,
        headers=problem.headers,
        json_dumps_params={"ensure_ascii": False},
    )


def no_valid_token(given: bool) -> Problem:
    """RFC 6750: who sends no token is only told how; who sends a wrong one is told that too."""
    challenge = 'Bearer realm="progress"' + (', error="invalid_token"' if given else "")
    detail = (
        _("The token is not known, has been revoked or has expired.")
        if given
        else _("Send the court's token: Authorization: Bearer …")
    )
    return Problem(401, detail, WWW_Authenticate=challenge)
