"""Django's system checks of the settings of `cpor_core`: what cannot work is an error, what is weak a warning."""

from collections.abc import Iterator

from django.apps import apps
from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage
from django.utils.module_loading import import_string

from . import conf

DOCUMENTED = "docs/extension.md lists what a project's settings need."


def register() -> None:
    """Have `manage.py check`, and every command that runs it, check the settings of a project."""
    for check in (check_values, check_folder, check_applications, check_context_processors):
        checks.register(check, checks.Tags.compatibility)


def check_values(**_options) -> list[CheckMessage]:
    """Refuse names in CPOR that are none, and values of another kind, or too small to be meant."""
    given = getattr(settings, "CPOR", {})
    if not isinstance(given, dict):
        return [
            checks.Error("CPOR must be a dict.", hint="cpor_core/conf.py lists its names.", id="cpor.E001")
        ]
    return [*_unknown(given), *_wrong(given)]


def _unknown(given: dict) -> Iterator[CheckMessage]:
    for name in given:
        if name not in conf.SETTINGS:
            yield checks.Error(
                f"CPOR has no setting {name}.", hint="cpor_core/conf.py lists them.", id="cpor.E002"
            )


def _wrong(given: dict) -> Iterator[CheckMessage]:
    for name, value in given.items():
        setting = conf.SETTINGS.get(name)
        if setting is None:
            continue
        is_of_kind = isinstance(value, setting.kind) and (setting.kind is bool or not isinstance(value, bool))
        if not is_of_kind or (setting.kind is int and value < setting.least):
            least = f" of at least {setting.least}" if setting.kind is int else ""
            yield checks.Error(
                f"CPOR[{name!r}] is {value!r}; it must be {_kind(setting)}{least}.",
                hint=f"It says: {setting.says}.",
                id="cpor.E003",
            )


def _kind(setting: conf.Setting) -> str:
    kinds = setting.kind if isinstance(setting.kind, tuple) else (setting.kind,)
    return " or ".join(kind.__name__ for kind in kinds)


def check_folder(**_options) -> list[CheckMessage]:
    """Warn of what only a guess says: where to write, and what the site is called on the net."""
    given: dict = getattr(settings, "CPOR", {})
    warnings: list[CheckMessage] = []
    if "VAR_DIR" not in given:
        warnings.append(
            checks.Warning(
                f"CPOR does not name VAR_DIR; {conf.VAR_DIR} is taken, which others on this machine may find.",
                hint="Name a folder that only the site's processes can read.",
                id="cpor.W001",
            )
        )
    if not conf.BASE_URL.startswith(
        ("https://", "http://localhost", "http://127.0.0.1", "http://testserver")
    ):
        warnings.append(
            checks.Warning(
                f"Links in mails lead to {conf.BASE_URL}, in the open.",
                hint="Set CPOR['BASE_URL'] to the address of the site, beginning with https://.",
                id="cpor.W002",
            )
        )
    return warnings


REQUIRED_APPS = [
    "wagtail",
    "wagtail.admin",
    "wagtail.snippets",
    "wagtail.contrib.settings",
    "django.forms",
    "django.contrib.humanize",
]


def check_applications(**_options) -> list[CheckMessage]:
    """Refuse a project that lacks an app on which the admin's screens of `cpor_core` stand."""
    return missing_apps(REQUIRED_APPS, "cpor_core", "cpor.E010")


def missing_apps(required: list[str], wanted_by: str, number: str) -> list[CheckMessage]:
    """Return an error for each app that is not installed."""
    return [
        checks.Error(f"{wanted_by} needs {name!r} in INSTALLED_APPS.", hint=DOCUMENTED, id=number)
        for name in required
        if not apps.is_installed(name)
    ]


def missing_middleware(required: list[str], wanted_by: str, number: str) -> list[CheckMessage]:
    """Return an error for each middleware that is not listed, nor one of a class that stands on it."""
    listed = [import_string(name) for name in settings.MIDDLEWARE]
    classes = [each for each in listed if isinstance(each, type)]
    return [
        checks.Error(f"{wanted_by} needs {name!r} in MIDDLEWARE.", hint=DOCUMENTED, id=number)
        for name in required
        if name not in settings.MIDDLEWARE and not any(issubclass(each, _class(name)) for each in classes)
    ]


def _class(name: str) -> type:
    found = import_string(name)
    return found if isinstance(found, type) else type(None)


REQUIRED_CONTEXT = [
    "django.template.context_processors.request",
    "django.contrib.auth.context_processors.auth",
    "django.contrib.messages.context_processors.messages",
]


def check_context_processors(**_options) -> list[CheckMessage]:
    """Refuse a template engine whose pages would know neither the person nor the request."""
    engines: list[dict] = settings.TEMPLATES
    return [
        checks.Error(
            f"The template engine needs {name!r} among its context processors.",
            hint=DOCUMENTED,
            id="cpor.E011",
        )
        for engine in engines
        if engine["BACKEND"] == "django.template.backends.django.DjangoTemplates"
        for name in REQUIRED_CONTEXT
        if name not in engine.get("OPTIONS", {}).get("context_processors", [])
    ]
