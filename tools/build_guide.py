"""Make the PDF of the guide that a new site offers, in both languages.

Run `python -m tools.build_guide` (`make guide`) after a change to the guide's text, pictures or style, and
commit what it writes. It builds a site with the starter content in a folder of its own.
"""

import hashlib
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from cpor_pages.starter import packaged_guide

ROOT = Path(__file__).resolve().parents[1]
STARTER = ROOT / "cpor_pages" / "starter"

WRITE = "from tools import build_guide; build_guide.write_files()"
COMMANDS = (
    ["migrate", "--verbosity=0"],
    ["load_reference_data"],
    ["load_starter_content"],
    ["shell", "--no-imports", "-c", WRITE],
)


def build() -> None:
    kept = {key: value for key, value in os.environ.items() if key not in {"DATABASE_URL", "REDIS_URL"}}
    with tempfile.TemporaryDirectory() as folder:
        own = {"DJANGO_SETTINGS_MODULE": "cpor_site.settings.base", "VAR_DIR": folder}
        for arguments in COMMANDS:
            subprocess.run([sys.executable, "manage.py", *arguments], env=kept | own, check=True)  # noqa: S603


def write_files() -> None:
    """Write the file of each language, from the site this runs in."""
    # Only here: the command above runs outside Django.
    from django.utils import timezone

    from cpor_pages.models import GuidePage
    from cpor_pages.pdf import guide

    for page in GuidePage.objects.live():
        language = page.locale.language_code
        pdf = guide.as_pdf(page, made_on=timezone.localdate(), identifier=fingerprint(language))
        packaged_guide.file_of(language).parent.mkdir(exist_ok=True)
        packaged_guide.file_of(language).write_bytes(pdf)
        sys.stdout.write(f"{language}: {len(pdf) // 1024} kB\n")


def fingerprint(language: str) -> bytes:
    """What the PDF is made from, as its identifier tells: text, pictures, template and styles."""
    templates = ROOT / "templates"
    sources = [
        STARTER / "content" / language / "guide.html",
        *sorted((STARTER / "pictures" / language).glob("*.png")),
        templates / "cpor_pages" / "guide_pdf.html",
        *sorted((templates / "cpor_pages" / "blocks").glob("*.html")),
        ROOT / "site" / "static" / "cpor" / "css" / "guide-pdf.css",
    ]
    whole = b"".join(hashlib.sha256(path.read_bytes()).digest() for path in sources)
    return hashlib.sha256(whole).hexdigest().encode()


def is_fresh(language: str) -> bool:
    """Whether the packaged PDF was made from what lies beside it now."""
    return packaged_guide.exists(language) and fingerprint(language) in packaged_guide.read(language)


if __name__ == "__main__":
    build()
