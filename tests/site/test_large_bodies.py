"""Large bodies are read from staff and from courts' systems alone: what anybody may send is small."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests import factories

pytestmark = pytest.mark.django_db

LARGEST = 2_000  # bytes, in these tests


@pytest.fixture(autouse=True)
def _small(settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = LARGEST


def form(size: int = 2 * LARGEST) -> dict:
    return {"file": SimpleUploadedFile("export.csv", b"x" * size)}


@pytest.mark.parametrize(
    "path", ["/accounts/login/", "/office/imports/upload/", "/faq/1/vote/", "/nowhere/", "/"]
)
def test_nobody_writes_a_large_file_to_the_disk_without_a_log_in(client, path, monkeypatch):
    monkeypatch.setattr(
        "django.http.HttpRequest.parse_file_upload", lambda *_args: pytest.fail("it was read")
    )

    assert client.post(path, form()).status_code == 400


def test_nor_does_a_litigant(client, litigant):
    client.force_login(litigant)

    assert client.post("/cases/settings/", form()).status_code == 400


def test_staff_hand_in_what_is_larger(client, clerk, court):
    client.force_login(clerk)

    answer = client.post("/office/imports/upload/", form() | {"court": court.pk})

    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/office/imports/upload/")


def test_a_courts_system_is_bounded_by_the_interface_itself(client, court):
    _token, secret = factories.make_token(court)
    headers = {"Authorization": f"Bearer {secret}"}

    answer = client.post("/api/v1/progress", b"x" * 2 * LARGEST, content_type="text/csv", headers=headers)

    assert answer.status_code == 422  # no rows: it was read


def test_what_is_small_is_read(client):
    assert client.post("/accounts/login/", {"login": "nobody", "password": "x" * 100}).status_code == 200
