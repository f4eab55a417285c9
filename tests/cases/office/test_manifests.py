"""A manager hands in what the court's system says it holds, sees what differs, and takes the list to send again."""

import csv
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from cpor_cases.actions import manifests
from cpor_cases.mail import rendering
from cpor_cases.mail.messages import message_of
from cpor_cases.manifests.canonical import NOTHING, Facts, digest_of_entry, digest_of_group
from cpor_cases.models import CourtLogEntry, Manifest, ManifestDifference, OutgoingMail
from tests import factories

pytestmark = pytest.mark.django_db

HEADINGS = "類別,年度,字別,號,筆數,摘要"


@pytest.fixture
def manager(court):
    return factories.make_clerk(court, "manager", group="Court managers")


@pytest.fixture
def office(client, manager):
    client.force_login(manager)
    return client


def digest_of(entry) -> str:
    case = entry.case
    number = (case.category, case.year, case.word, case.number)
    facts = (
        entry.recorded_at,
        entry.kind.code,
        entry.detail,
        entry.hearing_at,
        entry.courtroom,
        entry.moved_from,
    )
    return digest_of_group([digest_of_entry(Facts(entry.entry_id, *number, *facts))])


def line(case, entries=0, digest=NOTHING) -> str:
    return f"{case.category},{case.year},{case.word},{case.number},{entries},{digest}"


@pytest.fixture
def differing(case):
    """The lines of a manifest: one case agrees, one is missing here, one differs; of one more nothing is named."""
    same, changed, extra = (factories.make_entry(factories.make_case(case.court)) for _each in "abc")
    lost = factories.make_case(case.court, number=987654)
    lines = [
        line(same.case, 1, digest_of(same)),
        line(lost, 2, "a" * 64),
        line(changed.case, 1, "b" * 64),
    ]
    return {"lines": lines, "missing": lost, "different": changed.case, "extra": extra.case}


def hand_in(office, court, lines, *, headings=HEADINGS, **over):
    content = "\n".join([headings, *lines]).encode()
    facts = {"court": court.pk, "file": SimpleUploadedFile("manifest.csv", content), "is_complete": "on"}
    answer = office.post(reverse("office_manifests:upload"), facts | over)
    manifests.compare_waiting.call_local()
    return answer


def text_of(office, name="index") -> str:
    return office.get(reverse(f"office_manifests:{name}")).content.decode()


def test_what_differs_is_listed_under_the_figures_of_the_manifest(office, court, manager, differing):
    answer = hand_in(office, court, differing["lines"])

    assert answer.url == reverse("office_manifests:index")
    found = ManifestDifference.objects.open()
    assert {each.kind for each in found} == {"missing", "different", "extra"}
    text = text_of(office)
    for kind in ("missing", "different", "extra"):
        assert f"{differing[kind].number}號" in text
    manifest = Manifest.objects.get()
    assert (manifest.started_by, manifest.stated, manifest.equal) == (manager, 3, 1)
    entry = CourtLogEntry.objects.get(action="cpor_cases.court.manifest")
    assert (entry.user, entry.court, entry.data["rows"]) == (manager, court, 3)


def test_the_list_to_send_again_has_what_is_missing_and_what_differs(office, court, differing):
    hand_in(office, court, differing["lines"])

    answer = office.get(reverse("office_manifests:again"))

    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert {row["號"] for row in rows} == {str(differing[kind].number) for kind in ("missing", "different")}
    assert {row["法院"] for row in rows} == {court.code}
    assert "attachment" in answer["Content-Disposition"]


def test_no_cell_of_it_is_a_formula(office, court, manager, case):
    facts = {"court": court, "by": "case", "kind": "different", "since": timezone.now()}
    manifest = Manifest.objects.create(court=court, by="case", state="compared", compared_at=timezone.now())
    group = f"civil/115/=HYPERLINK/{case.number}"
    entries = {"missing": ["=1+1"]}
    manifest.differences.create(group=group, entries=entries, entries_there=1, entries_here=1, **facts)

    text = office.get(reverse("office_manifests:again")).content.decode("utf-8-sig")
    _headings, cells = csv.reader(io.StringIO(text))

    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]


@pytest.mark.parametrize(
    ("lines", "headings", "sentence"),
    [
        ([], HEADINGS, "沒有任何"),
        (["civil,115,訴,1,1,xyz"], HEADINGS, "第 2 列"),
        (["1,2"], "年度,號", "摘要"),
        (["%PDF-1.7"], "%PDF-1.7", "PDF"),
    ],
    ids=["no rows", "no digest", "no heading", "no table"],
)
def test_a_bad_file_gets_a_clear_sentence_and_is_not_kept(office, court, lines, headings, sentence):
    answer = hand_in(office, court, lines, headings=headings)

    assert answer.status_code == 200
    assert sentence in str(answer.context["form"].errors["file"]), answer.context["form"].errors
    assert not Manifest.objects.exists()


def test_only_managers_of_the_court_hand_one_in(client, court, clerk, other_court):
    elsewhere = factories.make_clerk(other_court, group="Court managers")
    for person in (clerk, elsewhere):
        client.force_login(person)
        hand_in(client, court, [f"civil,115,訴,1,0,{NOTHING}"])

    assert not Manifest.objects.exists()


def test_another_courts_differences_are_in_no_list(client, office, court, other_court, differing):
    hand_in(office, court, differing["lines"])
    client.force_login(factories.make_clerk(other_court, group="Court managers"))

    for name in ("index", "again"):
        assert f"{differing['missing'].number}" not in text_of(client, name).split("latest-title")[-1]


def mails() -> list[OutgoingMail]:
    return list(OutgoingMail.objects.filter(kind="manifest_differs").order_by("pk"))


def test_the_managers_are_told_once_of_what_is_found_for_the_first_time(
    office, court, manager, clerk, differing
):
    hand_in(office, court, differing["lines"])
    hand_in(office, court, differing["lines"])

    [mail] = mails()
    assert mail.account == manager
    context = message_of(mail).get_context()
    assert (context["missing"], context["different"], context["extra"]) == (1, 1, 1)
    written = rendering.render(mail)
    assert str(differing["missing"].number) not in written.body
    assert reverse("office_manifests:index") in written.body


def test_a_further_difference_is_told_again(office, court, differing):
    hand_in(office, court, differing["lines"][:2])
    one_more = factories.make_case(court)

    hand_in(office, court, [*differing["lines"][:2], line(one_more, 1, "c" * 64)])

    assert len(mails()) == 2


def test_nothing_is_told_where_nothing_differs_or_it_is_settled_by_then(office, court, case, differing):
    entry = factories.make_entry(factories.make_case(court))
    hand_in(office, court, [line(entry.case, 1, digest_of(entry))], is_complete="")
    assert not mails()
    lost = differing["missing"]
    hand_in(office, court, [line(lost, 1, "a" * 64)], is_complete="")
    hand_in(office, court, [line(lost)], is_complete="")

    [mail] = mails()
    assert message_of(mail).get_context() is None


def test_who_manages_the_court_no_more_is_not_told(office, court, manager, differing):
    hand_in(office, court, differing["lines"])
    manager.posts.all().delete()

    assert message_of(mails()[0]).get_context() is None


def test_the_first_page_shows_what_differs_to_managers_alone(client, office, court, clerk, differing):
    hand_in(office, court, differing["lines"])
    link = reverse("office_manifests:index")

    assert "office-manifests" in office.get(reverse("wagtailadmin_home")).content.decode()
    client.force_login(clerk)
    assert "office-manifests" not in client.get(reverse("wagtailadmin_home")).content.decode()
    assert client.get(link).status_code in {302, 403}


def test_the_list_says_that_the_latest_one_is_being_compared(office, court):
    Manifest.objects.create(court=court, by="day", stated=1)

    assert "比對中" in text_of(office)
