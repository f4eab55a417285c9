"""Where uploaded documents and pictures are kept: in a folder, or in a bucket of S3."""

from importlib.util import find_spec
from typing import Any

from cpor_site.settings import values

from .environment import VAR_DIR, env

MEDIA_URL = "/media/"
MEDIA_ROOT = env("MEDIA_ROOT", default=str(VAR_DIR / "media"), read=values.folder)
MEDIA_BUCKET: dict[str, Any] = env("MEDIA_STORAGE_URL", default={}, read=values.bucket)
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
if MEDIA_BUCKET:
    MEDIA_STORAGE = {"BACKEND": "cpor_core.s3_media.S3MediaStorage", "OPTIONS": MEDIA_BUCKET}
    if env("MEDIA_ROOT"):
        env.refuse("MEDIA_STORAGE_URL", "is set, and so is MEDIA_ROOT: say a bucket or a folder.")
    if not (find_spec("storages") and find_spec("boto3")):
        env.refuse("MEDIA_STORAGE_URL", "needs django-storages and boto3: ./install requirements-s3.txt")
else:
    MEDIA_STORAGE = {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        # A folder of its own may be read by a web server that runs as another user: set MEDIA_ROOT for that.
        "OPTIONS": {"file_permissions_mode": 0o644, "directory_permissions_mode": 0o755}
        if env("MEDIA_ROOT")
        else {},
    }
