"""The storage of static files: hashed, compressed, and each of our style sheets joined into one file."""

from collections.abc import Iterator

import lightningcss
from django.core.files.base import ContentFile
from django.core.files.storage import InMemoryStorage
from whitenoise.storage import CompressedManifestStaticFilesStorage

OWN_STYLES = "cpor/css/"


class JoinedStylesStorage(CompressedManifestStaticFilesStorage):
    """Joins the files that a style sheet of ours imports into it, and minifies the whole.

    Each import would be one more request before a page can be drawn. `make dev` serves the files as they are: there the
    browser follows the imports.
    """

    def post_process(self, paths: dict, dry_run: bool = False, **options) -> Iterator[tuple]:
        """Process the joined style sheets in place of their sources. A style sheet with an error stops `collectstatic`."""
        joined = InMemoryStorage()
        sheets = {name for name in paths if name.startswith(OWN_STYLES) and name.endswith(".css")}
        for name in sheets:
            storage, path = paths[name]
            joined.save(name, ContentFile(lightningcss.bundle_css(storage.path(path))))
        replaced = {name: (joined, name) for name in sheets}
        yield from super().post_process(paths | replaced, dry_run, **options)
