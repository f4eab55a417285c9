"""What is written on one machine is readable by its owner alone."""

import os
import stat
import subprocess
import sys

import pytest
from django.conf import settings

from cpor_site.private_folder import make_private

EVERYTHING_WRITTEN = """
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.mail import send_mail
from django.core.management import call_command
from django.contrib.staticfiles.storage import staticfiles_storage
from cpor_cases.intake import court_locks
from cpor_core.content_version import FileVersion
from cpor_core import conf
from huey.contrib.djhuey import HUEY
call_command("createcachetable", verbosity=0)
staticfiles_storage.save("cpor/css/site.css", ContentFile(b"x"))
send_mail("subject", "text", None, ["a@example.com"])
default_storage.save("documents/paper.odt", ContentFile(b"x"))
FileVersion(conf.CONTENT_VERSION_FILE).change()
HUEY.storage.enqueue(b"x")
with court_locks.lock_for_import(1):
    pass
"""


def rights_of_others(folder) -> dict[str, str]:
    """Return everything in `folder` (and itself) that group or others may do anything with."""
    paths = [folder, *folder.rglob("*")]
    modes = {str(path.relative_to(folder)): stat.S_IMODE(path.stat().st_mode) for path in paths}
    return {name: oct(mode) for name, mode in modes.items() if mode & 0o077}


def run(code, folder, **environment):
    return subprocess.run(
        [sys.executable, "manage.py", "shell", "--no-imports", "-c", code],
        cwd=settings.BASE_DIR,
        env={"PATH": os.environ["PATH"], "VAR_DIR": str(folder), **environment},
        umask=0o022,
        check=True,
        capture_output=True,
        text=True,
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder that an older version left open to others, and in which the site has run since."""
    folder = tmp_path_factory.mktemp("written") / "var"
    (folder / "mail").mkdir(parents=True, mode=0o755)
    for name in ("site.sqlite3", "site.sqlite3-journal", "mail/older.eml"):
        (folder / name).touch(mode=0o644)
    folder.chmod(0o755)
    run(EVERYTHING_WRITTEN, folder)
    return folder


def test_what_the_site_writes_is_its_owners_alone(folder):
    patterns = [
        "secret-key",
        "site.sqlite3",
        "queue.sqlite3",
        "content-version",
        "court_locks/1",
        "static/cpor/css/site*",
    ]
    patterns += ["mail/2*.eml", "media/documents/paper.odt"]

    assert [pattern for pattern in patterns if not list(folder.glob(pattern))] == []
    assert rights_of_others(folder) == {}


def test_an_older_folder_that_is_wider_is_closed_at_the_start(folder):
    assert (folder / "mail/older.eml").exists()
    assert rights_of_others(folder) == {}


def test_a_file_that_a_link_leads_to_is_left_alone(tmp_path):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.touch()
    elsewhere.chmod(0o644)
    folder = tmp_path / "var"
    folder.mkdir(mode=0o755)
    (folder / "link").symlink_to(elsewhere)

    make_private(folder)

    assert stat.S_IMODE(elsewhere.stat().st_mode) == 0o644
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_folder_of_media_of_its_own_stays_readable_for_a_web_server(tmp_path):
    save = """
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
default_storage.save("images/a.png", ContentFile(b"x"))
"""

    (tmp_path / "media").mkdir()

    run(save, tmp_path / "var", MEDIA_ROOT=str(tmp_path / "media"))

    assert stat.S_IMODE((tmp_path / "media" / "images").stat().st_mode) == 0o755
    assert stat.S_IMODE((tmp_path / "media" / "images" / "a.png").stat().st_mode) == 0o644
