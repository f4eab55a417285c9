"""A filter that cannot be understood lists nothing, says so, and gives no file: in every list of the admin, ours and Wagtail's."""

import itertools

import pytest
from django import forms
from django.contrib.auth import get_user_model
from django.test import RequestFactory
from django.urls import NoReverseMatch, get_resolver, resolve, reverse
from django.urls.resolvers import URLPattern
from django.utils.html import escape
from wagtail.admin.views.generic import BaseListingView
from wagtail.models import Site

from cpor_cases.models import CourtLogEntry
from tests.factories import make_application, make_case, make_court, make_user

pytestmark = pytest.mark.django_db
# Not a day, not a number, no choice, no key; and a text that no field takes, for those that take any.
NONSENSE = {"default": "no such thing", forms.CharField: "no\0thing"}


@pytest.fixture
def overseer(client):
    """Somebody who may read every list, and serves at two courts."""
    person = make_user("overseer", is_superuser=True)
    for code in ("TPD", "SLD"):
        person.posts.create(court=make_court(code))
    client.force_login(person)
    return person


def patterns(resolver, namespaces=()):
    for each in resolver.url_patterns:
        if isinstance(each, URLPattern):
            yield namespaces, each
        else:
            yield from patterns(each, (*namespaces, *filter(None, [each.namespace])))


def lists_of_the_admin() -> list[str]:
    """The addresses of all lists that need no argument."""
    office = reverse("wagtailadmin_home")
    found = []
    for namespaces, pattern in patterns(get_resolver()):
        try:
            address = reverse(":".join((*namespaces, pattern.name or "")))
        except NoReverseMatch:
            continue
        view = getattr(resolve(address).func, "view_class", None)
        if address.startswith(office) and view and issubclass(view, BaseListingView):
            found.append(address)
    return found


def view_at(address: str, person, query: dict) -> BaseListingView:
    request = RequestFactory().get(address, query)
    request.user, request.site = person, Site.objects.first()
    request.resolver_match = match = resolve(address)
    view = match.func.view_class(**match.func.view_initkwargs)
    view.setup(request, *match.args, **match.kwargs)
    return view


def nonsense_for(form) -> dict[str, dict]:
    """For each field, what is asked for in the address if it is mistyped."""
    asked = {}
    for name, field in form.fields.items():
        widget = field.widget
        suffixes = getattr(widget, "suffixes", None) or [""]
        mistyped = NONSENSE[forms.CharField] if type(field) is forms.CharField else NONSENSE["default"]
        for suffix in suffixes:
            asked[f"{name}_{suffix}" if suffix else name] = mistyped
    return asked


@pytest.fixture
def filtered(overseer) -> dict[str, dict]:
    """Each list with filters, and its parameters with nonsense in them."""
    found = {}
    for address in lists_of_the_admin():
        view = view_at(address, overseer, {})
        if view.filters:
            found[address] = nonsense_for(view.filters.form)
    return found


def test_there_are_lists_to_be_tried(filtered):
    ours = {
        reverse(f"office_{name}:index") for name in ("applications", "cases", "mails", "imports", "audit")
    }
    wagtails = {reverse("wagtailadmin_reports:site_history"), reverse("wagtailadmin_reports:aging_pages")}

    assert ours | wagtails | {reverse("downloads_report"), reverse("word_changes_report")} <= filtered.keys()


def test_each_parameter_alone_is_noticed_and_empties_the_list(filtered, overseer):
    ignored = [
        (address, name)
        for address, asked in filtered.items()
        for name, value in asked.items()
        for view in [view_at(address, overseer, {name: value})]
        if not view.has_invalid_filter
        or not view.is_filtering
        or not view.filter_queryset(get_user_model().objects.all()).query.is_empty()
    ]

    assert ignored == []


def test_each_list_says_what_is_wrong_and_shows_nothing(client, filtered):
    for address, asked in filtered.items():
        page = client.get(address, asked)
        text = page.content.decode()

        assert page.status_code == 200, address
        assert "篩選條件無法辨識" in text, address
        for error in itertools.chain.from_iterable(page.context["filters"].form.errors.values()):
            assert escape(error) in text, (address, error)
        assert not list(page.context["object_list"]), address


def test_no_list_gives_a_file(filtered, overseer):
    for address, asked in filtered.items():
        for kind in ("csv", "xlsx", "ods"):
            view = view_at(address, overseer, asked | {"export": kind})
            answer = view.dispatch(view.request)

            assert answer.status_code == 400, address
            assert "Content-Disposition" not in answer.headers, address


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_audit_does_not_give_the_whole_log_for_a_mistyped_day(client, overseer, kind):
    make_application(make_court("TPD"), by=overseer)
    address = reverse("office_audit:export", args=[kind])

    right = client.get(address, {"timestamp_from": "2026-01-01"})
    wrong = client.get(address, {"timestamp_from": "2026-13-01"})

    assert right.status_code == 200
    assert right.headers["Content-Disposition"]
    assert wrong.status_code == 400
    assert "Content-Disposition" not in wrong.headers
    assert "篩選條件無法辨識" in wrong.content.decode()
    assert CourtLogEntry.objects.filter(action__contains="audit").count() == 1


@pytest.mark.parametrize("name", ["applications", "courts"])
def test_a_report_gives_no_file_of_months_that_cannot_be(client, overseer, name):
    answer = client.get(
        reverse(f"office_reports:{name}"), {"first": "2026-13", "month": "x", "export": "csv"}
    )

    assert answer.status_code == 400
    assert "Content-Disposition" not in answer.headers


@pytest.mark.parametrize("export", [{}, {"export": "csv"}])
def test_a_key_that_no_row_can_have_is_no_error(client, overseer, export):
    answer = client.get(reverse("wagtailusers_users:index"), {"group": str(10**23)} | export)

    assert answer.status_code == (400 if export else 200)
    assert not list(answer.context["object_list"])


def test_a_right_filter_still_finds(client, overseer):
    case = make_case(make_court("TPD"), cause="離婚")

    page = client.get(reverse("office_cases:index"), {"category": "civil"})

    assert list(page.context["object_list"]) == [case]


def test_wagtail_still_has_what_is_changed_here():
    assert BaseListingView.filter_queryset.__wrapped__
    assert BaseListingView.is_filtering
    assert BaseListingView.has_invalid_filter
