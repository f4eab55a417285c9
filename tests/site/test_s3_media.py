"""Documents and pictures in a bucket: readers get them from the site alone, and a backup holds them."""

import tarfile

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import override_settings
from health_check.exceptions import ServiceWarning
from moto.server import ThreadedMotoServer
from wagtail.documents.models import Document
from wagtail.images.models import Image
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import Collection, CollectionViewRestriction

from cpor_site.backup import media
from cpor_site.health.installation import Media
from cpor_site.settings import values

pytestmark = pytest.mark.django_db
NAME = "線上查詢案件進度聲請狀.pdf"


@pytest.fixture(scope="module")
def server():
    """A stand-in for S3, by HTTP."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    yield f"s3+http://key:a%2Fsecret@127.0.0.1:{server.get_host_and_port()[1]}/cpor-media/site?region=us-east-1"
    server.stop()


@pytest.fixture
def bucket(server):
    """The media of this site in an empty bucket."""
    options = values.bucket(server)
    storage = {"BACKEND": "cpor_core.s3_media.S3MediaStorage", "OPTIONS": options}
    with override_settings(MEDIA_BUCKET=options, STORAGES=settings.STORAGES | {"default": storage}):
        client = default_storage.client
        client.create_bucket(Bucket="cpor-media")
        yield client
        for name in [*media.names()]:
            default_storage.delete(name)
        client.delete_bucket(Bucket="cpor-media")


def other_bucket(**options):
    """Return a context in which the media are expected in another bucket."""
    default = settings.STORAGES["default"]
    changed = default | {"OPTIONS": default["OPTIONS"] | options}
    return override_settings(STORAGES=settings.STORAGES | {"default": changed})


def make_document(**over):
    return Document.objects.create(title="聲請狀", file=ContentFile(b"%PDF-1.7 \xe7", NAME), **over)


def test_an_address_says_where_the_bucket_is():
    assert values.bucket("s3://key:a%2Fsecret@s3.example:9000/media/of/court?region=tw-1") == {
        "endpoint_url": "https://s3.example:9000",
        "bucket_name": "media",
        "location": "of/court",
        "region_name": "tw-1",
        "access_key": "key",
        "secret_key": "a/secret",
    }


def test_a_document_with_a_chinese_name_is_served_by_the_site(bucket, client):
    document = make_document()

    answer = client.get(document.url)

    assert answer.status_code == 200
    assert b"".join(answer) == b"%PDF-1.7 \xe7"
    assert answer["Content-Length"] == "10"
    keys = [found["Key"] for found in bucket.list_objects_v2(Bucket="cpor-media")["Contents"]]
    assert keys == [f"site/documents/{NAME}"]


def test_a_private_document_is_not_public_by_any_address(bucket, client):
    private = Collection.get_first_root_node().add_child(name="private")
    CollectionViewRestriction.objects.create(collection=private, restriction_type="login")
    document = make_document(collection=private)

    asked = client.get(document.url)

    assert "login" in asked["Location"]
    assert "127.0.0.1" not in asked["Location"]
    assert document.file.url.startswith("/media/")
    inside = [
        f"/media/images/{step}{document.file.name}"
        for step in ("../", "a/../../", "..\\", "..%5C", "/", "./../")
    ]
    for path in (document.file.url, *inside):
        assert client.get(path, follow=True).status_code == 404


def test_two_documents_of_one_name_are_two(bucket):
    first, second = make_document(), make_document()

    assert first.file.name != second.file.name


def test_a_picture_is_drawn_and_served_by_its_etag(bucket, client):
    image = Image.objects.create(title="庭", file=get_test_image_file("法庭.png", size=(400, 120)))
    drawn = image.get_rendition("max-100x100")

    answer = client.get(drawn.url)
    again = client.get(drawn.url, headers={"if-none-match": answer["ETag"]})

    assert drawn.url.startswith("/media/images/")
    assert answer["Content-Type"] == "image/png"
    assert answer.content.startswith(b"\x89PNG")
    assert again.status_code == 304
    assert "sandbox" in answer["Content-Security-Policy"]


@pytest.mark.parametrize("path", ["none.png", "a/../../documents/x.pdf", "%00.png"])
def test_a_picture_that_is_not_there_is_not_found(bucket, client, path):
    assert client.get(f"/media/images/{path}").status_code == 404


def test_a_bucket_that_is_away_is_told_and_is_no_error_of_ours(bucket, client):
    document = make_document()
    client.raise_request_exception = False

    with other_bucket(endpoint_url="http://127.0.0.1:1"):
        answer = client.get(document.url)

    assert answer.status_code == 503
    assert "Retry-After" in answer


def test_readyz_checks_the_bucket(bucket, monkeypatch):
    monkeypatch.setattr(Media, "WITHIN_SECONDS", 30)
    Media().examine()
    check = Media()

    with other_bucket(bucket_name="another"), pytest.raises(ServiceWarning):
        check.examine()

    assert "bucket" in check.words


def test_a_backup_holds_what_is_in_the_bucket_and_puts_it_back(bucket, tmp_path):
    document = make_document()
    default_storage.save("images/法庭.png", ContentFile(b"png"))
    media.pack(tmp_path / media.ARCHIVE)
    media.check(tmp_path / media.ARCHIVE)
    default_storage.delete(document.file.name)
    default_storage.save("documents/later.pdf", ContentFile(b"later"))

    media.unpack(tmp_path / media.ARCHIVE)

    assert [*media.names()] == [f"documents/{NAME}", "images/法庭.png"]
    with default_storage.open(document.file.name) as file:
        assert file.read() == b"%PDF-1.7 \xe7"


def test_a_backup_of_a_folder_can_be_put_into_a_bucket(bucket, tmp_path):
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents" / NAME).write_bytes(b"%PDF")
    with tarfile.open(tmp_path / media.ARCHIVE, "w") as archive:
        archive.add(tmp_path / "documents", arcname="./documents")

    assert media.is_empty()
    media.unpack(tmp_path / media.ARCHIVE)

    assert not media.is_empty()
    assert default_storage.open(f"documents/{NAME}").read() == b"%PDF"
