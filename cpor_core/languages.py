"""The languages of the site, all of them read from `settings.LANGUAGES`: none is named in code.

The first is `settings.LANGUAGE_CODE`, in which the courts work. Texts are required in `conf.REQUIRED_LANGUAGES`; in any other
language a text may be missing, and the reader gets the first language's.
"""

from collections.abc import Iterable, Mapping
from functools import cache

from django.conf import settings
from django.core.signals import setting_changed
from django.dispatch import receiver
from django.utils.functional import Promise
from django.utils.translation import get_language, get_language_info

from cpor_core import conf


@cache  # like `matching`: a page of twenty cases calls them six hundred times
def codes() -> tuple[str, ...]:
    """Return the languages of the site, the first language first."""
    first_code = first()
    return (first_code, *(code for code, _name in settings.LANGUAGES if code != first_code))


@receiver(setting_changed)
def _forget_codes(*, setting: str, **_signal) -> None:
    if setting in {"LANGUAGES", "LANGUAGE_CODE"}:
        codes.cache_clear()
        matching.cache_clear()


def choices() -> list[tuple[str, str | Promise]]:
    """Return the choices of a field: named in a model as this function, so that no language is in a migration."""
    return [*settings.LANGUAGES]


def first() -> str:
    return settings.LANGUAGE_CODE


def required() -> list[str]:
    """Return the languages in which editors have to give a text."""
    wanted = conf.REQUIRED_LANGUAGES
    return [code for code in codes() if code == first() or code in wanted]


def reader() -> str:
    """Return the language that is active now, or the first if the site does not have it."""
    return matching(get_language() or "") or first()


@cache
def matching(wanted: str) -> str | None:
    """Return the language of the site that `wanted` is (en-us is en), or None."""
    known = codes()
    if wanted in known:
        return wanted
    return next((code for code in known if wanted.split("-")[0] == code.split("-")[0]), None)


def is_first() -> bool:
    """Whether the reader reads the first language: the one of case numbers, words and divisions."""
    return reader() == first()


def tag(code: str) -> str:
    """Return a language as HTML and HTTP name it (BCP 47): zh-Hant, en, pt-BR."""
    primary, *others = code.split("-")
    written = {2: str.upper, 4: str.title}
    return "-".join([primary, *(written.get(len(part), str)(part) for part in others)])


def own_name(code: str) -> str:
    """Return the name of a language in that language, for readers who cannot read the page."""
    return get_language_info(code)["name_local"]


def name(code: str) -> str:
    """Return the name of a language in the reader's language."""
    return str(dict(settings.LANGUAGES).get(code, code))


def suffix(code: str) -> str:
    """Return how the columns of files name a language: zh for zh-hant; the whole code if another has the same beginning."""
    primary = code.split("-")[0]
    with_it = [each for each in codes() if each.split("-")[0] == primary]
    return primary if with_it[:1] == [code] else code.replace("-", "_")


def by_suffix() -> dict[str, str]:
    """Return the languages by their suffixes, in the order of `codes`."""
    return {suffix(code): code for code in codes()}


def chosen(texts: Mapping[str, str], preferred: Iterable[str] = ()) -> str | None:
    """Return the language in which a reader gets one of some texts: the reader's own, the first, or any; None if there is none."""
    order = [*preferred, reader(), first(), *codes(), *texts]
    return next((code for code in order if texts.get(code)), None)
