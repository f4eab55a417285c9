"""The templates of the repository, and the names by which they are loaded."""

from pathlib import Path

from django.conf import settings

FOLDER: Path = settings.TEMPLATES_DIR


def name_of(path: Path) -> str:
    """Return the name of a template: without the folders of what host sites take in by choice."""
    parts = path.relative_to(FOLDER).parts
    return "/".join(parts[2:] if parts[0] == "opt_in" else parts)
