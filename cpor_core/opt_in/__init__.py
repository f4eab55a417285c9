"""What overrides a host site's own pages, and so is active only where its settings name it.

The wheel has the templates and the translations here; in the repository they lie in `templates/opt_in/` and
`locale/supplement/`, and the deployed project takes them in from there.
"""

from pathlib import Path

_HERE = Path(__file__).resolve().parent

# Words that Wagtail and Django leave untranslated in Traditional Chinese: for LOCALE_PATHS.
LOCALE = _HERE / "locale"


def templates(part: str) -> Path:
    """Return a folder for DIRS of a host's template engine.

    `frame`: every page of ours in our own frame; `errors`: 400 to 503; `accounts`: allauth's pages in our style; `office`:
    Wagtail's admin under a strict content security policy, with the clerks' home page.
    """
    folder = _HERE / "templates" / part
    if not folder.is_dir():
        raise ValueError(f"there are no templates to opt in to by the name of {part!r}")
    return folder
