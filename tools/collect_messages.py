"""Collect the strings to be translated into the catalog of each language of the site.

`make messages` runs this after a string has changed, or a language was added. English, which the sources are written in, has
no catalog. A string that is new stands there without a translation: none is guessed. Run again it changes nothing, so that
a difference shows what was said anew: messages stand in the order of their texts, without the places that say them.
"""

import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import polib

SOURCE_LANGUAGE = "en"
APART = (".venv", "var", "tests", "benchmarks")  # folders that say nothing to users


def collect() -> None:
    from django.conf import settings
    from django.utils.translation import to_locale

    locales = [to_locale(code) for code, _name in settings.LANGUAGES if code != SOURCE_LANGUAGE]
    catalogs = [settings.BASE_DIR / "locale" / each / "LC_MESSAGES" / "django.po" for each in locales]
    dates = [polib.pofile(path).metadata["POT-Creation-Date"] if path.exists() else "" for path in catalogs]
    _read_sources(locales)
    for path, date in zip(catalogs, dates, strict=True):
        _settle(path, date)


def _read_sources(locales: Iterable[str]) -> None:
    """Have Django read the sources. It writes each catalog in the order of the files."""
    from django.core.management import call_command
    from django.core.management.commands.makemessages import Command

    command = Command()
    command.msgmerge_options = [*command.msgmerge_options, "--no-fuzzy-matching"]
    call_command(
        command,
        locale=[*locales],
        ignore_patterns=[*APART],
        no_wrap=True,
        no_location=True,
        no_obsolete=True,
        verbosity=0,
    )


def _settle(path: Path, date: str) -> None:
    """Sort a catalog, keep the `date` it bore, check its placeholders and compile it."""
    catalog = polib.pofile(path, wrapwidth=0)
    catalog.sort(key=lambda entry: (entry.msgid, entry.msgctxt or ""))
    catalog.metadata["POT-Creation-Date"] = date or catalog.metadata["POT-Creation-Date"]
    catalog.save()
    subprocess.run(["msgfmt", "--check-format", f"--output-file={os.devnull}", path], check=True)  # noqa: S603, S607
    catalog.save_as_mofile(path.with_suffix(".mo"))
    untranslated = [entry.msgid for entry in catalog.untranslated_entries()]
    sys.stdout.write(f"{path.parts[-3]}: {len(catalog)} strings, {len(untranslated)} without a translation\n")
    for text in untranslated[:20]:
        sys.stdout.write(f"    {text}\n")


def main() -> None:
    sys.path.insert(1, "site")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cpor_site.settings.test")
    # Only here: this runs outside Django.
    import django

    django.setup()
    collect()


if __name__ == "__main__":
    main()
