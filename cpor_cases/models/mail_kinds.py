"""The names of the kinds of mail, as far as models must know them: each class in mail/messages/ registers its own."""

from collections.abc import Iterator

from django.utils.functional import Promise


class MailKinds:
    """Reads like `TextChoices`: `Kind.PROGRESS` is "progress", `Kind.choices` are pairs of value and label."""

    def __init__(self) -> None:
        self._labels: dict[str, str | Promise] = {}
        self._notices: dict[str, str | Promise] = {}

    def register(self, kind: str, label: str | Promise) -> None:
        self._labels[kind] = label

    def register_notice(self, notice: str, label: str | Promise) -> None:
        """Name one of the notices that share the kind "account_notice"."""
        self._notices[notice] = label

    def label_of(self, kind: str, notice: str = "") -> str:
        """Return what a mail is called: a notice by what it tells, every other one by its kind."""
        return str(self._notices.get(notice) or self._labels.get(kind, kind))

    def unregister(self, kind: str) -> None:
        del self._labels[kind]

    @property
    def choices(self) -> list[tuple[str, str | Promise]]:
        return list(self._labels.items())

    def __iter__(self) -> Iterator[str]:
        return iter(self._labels)

    def __getattr__(self, name: str) -> str:
        if name.isupper() and name.lower() in self._labels:
            return name.lower()
        raise AttributeError(f"no class in mail/messages/ has registered the kind {name}")


KINDS = MailKinds()


def mail_kinds() -> list[tuple[str, str | Promise]]:
    """Return the choices of a mail's kind; migrations name this function, so that a new kind is no migration."""
    return KINDS.choices
