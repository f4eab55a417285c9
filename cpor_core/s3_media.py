"""Documents and pictures in a bucket of S3, or of what speaks its protocol. Needs the extra `[s3]`.

The bucket stays closed: nobody gets an address of it, signed or not. Readers get documents and pictures from the site, which
asks who may, and no Content-Security-Policy has to name another server.
"""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urljoin

from boto3.exceptions import Boto3Error
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.conf import settings
from django.core.files import File
from django.utils.encoding import filepath_to_uri
from django.utils.functional import cached_property
from storages.backends.s3 import S3Storage

CONNECT_SECONDS, READ_SECONDS = 3, 20
# Stand-ins of S3 do not know the checksums that newer clients of Amazon send unasked.
CLIENT = Config(
    signature_version="s3v4",
    s3={"addressing_style": "path"},
    connect_timeout=CONNECT_SECONDS,
    read_timeout=READ_SECONDS,
    retries={"mode": "standard", "total_max_attempts": 2},
    request_checksum_calculation="when_required",
    response_checksum_validation="when_required",
)


@contextmanager
def _told() -> Iterator[None]:
    """Raise OSError where the bucket does not answer or refuses: readers get the page that says that the fault is ours."""
    try:
        yield
    except (BotoCoreError, Boto3Error, ClientError) as error:
        # Their words name the bucket and the key at most, never a secret.
        raise OSError(errno.EIO, f"the bucket of documents and pictures: {error}") from error


class S3MediaStorage(S3Storage):
    """A bucket of its own for the media of this site. A file of the same name is never overwritten."""

    def get_default_settings(self) -> dict[str, Any]:
        return super().get_default_settings() | {
            "client_config": CLIENT,
            "file_overwrite": False,
            "default_acl": None,  # as the bucket has it: closed
            "max_memory_size": 1 << 20,
        }

    def url(self, name: str, *_arguments: Any, **_named: Any) -> str:
        """Return the address on the site itself."""
        return urljoin(settings.MEDIA_URL, filepath_to_uri(name).lstrip("/"))

    @cached_property
    def client(self) -> Any:
        """What asks the bucket, for all threads: to make one takes a part of a second."""
        return self.connection.meta.client

    def require_reachable(self) -> None:
        """Raise OSError unless the bucket is there and these keys may list it."""
        with _told():
            self.client.list_objects_v2(Bucket=self.bucket_name, MaxKeys=1)

    def _open(self, name: str, mode: str = "rb") -> File:
        with _told():
            file = super()._open(name, mode)
            file.open()  # fetched now, not when somebody reads it half-way through an answer
        return file

    def _save(self, name: str, content: File) -> str:
        with _told():
            return super()._save(name, content)

    def delete(self, name: str) -> None:
        with _told():
            super().delete(name)

    def exists(self, name: str) -> bool:
        with _told():
            return super().exists(name)

    def size(self, name: str) -> int:
        with _told():
            return super().size(name)

    def listdir(self, name: str) -> tuple[list[str], list[str]]:
        with _told():
            return super().listdir(name)
