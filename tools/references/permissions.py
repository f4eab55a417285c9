"""docs/reference/permissions.md: the roles and what each may do, as the migrations, the policies and the table of the tests have it."""

import re
from collections.abc import Iterator

from django.apps import apps
from django.contrib.auth.models import Group
from wagtail.models import GroupCollectionPermission, GroupPagePermission
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permissions import policy_registry

from cpor_cases.permission_policies import StaffInvitationPolicy, StaffPolicy
from cpor_core.actors import ROLES
from tests.support.office import PEOPLE, TABLE

from .tables import code, sentence, table

PATH = "reference/permissions.md"
HEAD = """# Roles and permissions

Written by `make docs` from a database with all migrations done, from the permission policies, and from the table that
`tests/cases/office/test_permissions_table.py` tries address by address, method by method.

A **litigant** has no role: an access that a clerk approved opens one case (`CaseAccess.objects.visible_to(account)`), as long as its query period
lasts. A **superuser** may do what Django lets superusers do, and sees no row of a court without a post there. A **court's system** has a token of
its court, and sends progress entries for that court alone.

## What the roles may do

A role is a Django group. At which court a clerk or manager does so, their posts say (`ClerkPost`).

"""
OF_PAGES = "\n## What they may do to pages and files\n\n"
OF_ROWS = """
## Whose rows they see

A permission says what somebody may do; the policy of a model, to which of its rows. Wagtail's lists, forms, exports and choosers ask it.

"""
OF_ADDRESSES = """
## Address by address

`r`: may view. `w`: may view and send. `p`: may send, there is nothing to view. `-`: is refused. “Elsewhere” is at another court than the one whose rows are
asked for, and the superuser has no post.

"""


def text() -> str:
    """Return the page."""
    return "".join(
        [
            *(HEAD, table(["on", *ROLES], _of_models())),
            *(OF_PAGES, table(["on", *ROLES], [*_of_pages(), *_of_files()])),
            *(OF_ROWS, table(["rows of", "policy", "promises"], _policies())),
            *(OF_ADDRESSES, table(["address", *(each.replace("_", " ") for each in PEOPLE)], _addresses())),
        ]
    )


def _of_models() -> Iterator[tuple[str, ...]]:
    """Yield a row a model: what each role may do to it."""
    given: dict[str, dict[str, list[str]]] = {}
    names = ("content_type__app_label", "content_type__model", "codename")
    found = Group.objects.filter(name__in=ROLES).values_list(
        *(f"permissions__{name}" for name in names), "name"
    )
    for app, model, codename, role in sorted(found):
        what = codename.removesuffix(f"_{model}").replace("_", " ")
        given.setdefault(_name_of(app, model), {}).setdefault(role, []).append(what)
    for name, by_role in given.items():
        yield name, *(", ".join(by_role.get(role, [])) for role in ROLES)


def _name_of(app: str, model: str) -> str:
    try:
        return code(apps.get_model(app, model).__name__)
    except LookupError:
        return f"{app} {model}"  # wagtailadmin's “admin”, which has no model


def _of_pages() -> Iterator[tuple[str, ...]]:
    given = GroupPagePermission.objects.filter(group__name__in=ROLES, page__depth=1)
    names = [
        sorted(
            each.permission.codename.removesuffix("_page").replace("_", " ")
            for each in given
            if each.group.name == role
        )
        for role in ROLES
    ]
    yield "pages", *map(", ".join, names)


def _of_files() -> Iterator[tuple[str, ...]]:
    given = GroupCollectionPermission.objects.filter(group__name__in=ROLES, collection__depth=1)
    for model in ("document", "image"):
        codes = [
            sorted(
                each.permission.codename.removesuffix(f"_{model}")
                for each in given
                if each.group.name == role and each.permission.codename.endswith(f"_{model}")
            )
            for role in ROLES
        ]
        yield f"{model}s", *map(", ".join, codes)


def _policies() -> Iterator[tuple[str, str, str]]:
    """Yield each model of ours with its policy; the two policies that are given to screens are not registered."""
    for model in sorted(apps.get_models(), key=lambda each: each._meta.label):
        policy = policy_registry.get_by_type(model, fallback=False)
        if policy is not None and type(policy).__module__.startswith("cpor_"):
            yield code(model.__name__), code(type(policy).__name__), _promise(type(policy))
    for name, policy in (
        ("members of staff, on their screens", StaffPolicy),
        ("invitations", StaffInvitationPolicy),
    ):
        yield name, code(policy.__name__), _promise(policy)


def _promise(policy: type[ModelPermissionPolicy]) -> str:
    return sentence(policy.__doc__)


def _addresses() -> Iterator[tuple[str, ...]]:
    for name, may in re.findall(r"^(?!#)(\S+) +([rwp-]+)$", TABLE, re.MULTILINE):
        yield code(name), *map(code, may)
