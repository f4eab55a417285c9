"""How a picture of a page is taken and kept small."""

import sys
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Page

ROOT = Path(__file__).parents[2]
LANGUAGES = {"zh-hant": "", "en": "/en"}
COLOURS = 64  # a screen has few: a quarter of the size, and no difference to be seen
PATIENCE = 120_000  # milliseconds: a busy machine takes a picture slowly


def settle(page: Page) -> None:
    """Wait until the page is drawn with its fonts."""
    page.set_default_timeout(PATIENCE)
    page.wait_for_load_state("load")
    page.evaluate("document.fonts.ready")


def keep(page: Page, path: Path, clip: Any = None) -> None:
    """Keep a part of the page, or what the screen shows."""
    path.parent.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=path, clip=clip, full_page=clip is not None, animations="disabled")
    Image.open(path).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)
    sys.stdout.write(f"{path.relative_to(ROOT)}: {path.stat().st_size // 1024} kB\n")
