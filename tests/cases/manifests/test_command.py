"""`manage.py compare_manifest` compares a file, says what differs, and exits 3 if something does."""

import io

import pytest
from django.core.management import CommandError, call_command

from cpor_cases.manifests.canonical import NOTHING
from cpor_cases.models import Manifest, OutgoingMail
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def file(tmp_path):
    return tmp_path / "manifest.csv"


def compare(file, *options, court="TPD") -> tuple[int, str]:
    out = io.StringIO()
    try:
        call_command("compare_manifest", str(file), "--court", court, *options, stdout=out)
    except SystemExit as end:
        return end.code, out.getvalue()
    return 0, out.getvalue()


def write(file, *lines) -> None:
    file.write_text("\n".join(["category,year,word,number,entries,digest", *lines]), encoding="utf-8")


def test_what_agrees_exits_0(file, case):
    write(file, f"civil,115,{case.word},{case.number},0,{NOTHING}")

    code, said = compare(file)

    assert (code, "equal: 1", "different: 0") == (0, *said.splitlines()[:2])


def test_what_differs_exits_3_names_it_and_tells_the_manager(file, case, court):
    manager = factories.make_clerk(court, group="Court managers")
    write(file, f"civil,115,{case.word},{case.number},2,{'a' * 64}")

    code, said = compare(file, court="tpd")

    assert code == 3
    assert f"civil/115/{case.word}/{case.number}" in said
    assert "(2/0)" in said
    assert OutgoingMail.objects.get(kind="manifest_differs").account == manager


def test_what_is_not_named_differs_only_if_it_is_complete(file, case):
    factories.make_entry(case)
    write(file, f"civil,115,{case.word},{case.number + 1},0,{NOTHING}")

    assert compare(file)[0] == 0
    assert compare(file, "--complete")[0] == 3


def test_it_waits_for_what_the_court_sent_before(file, case, court):
    factories.make_run(court=court, state="running", ended_at=None)
    write(file, f"civil,115,{case.word},{case.number},0,{NOTHING}")

    code, said = compare(file)

    assert code == 0
    assert "equal" not in said
    assert Manifest.objects.get().state == "waiting"


@pytest.mark.parametrize(
    ("lines", "words"),
    [(["civil,115,訴,1,1,short"], "2"), ([], "."), (["civil,115"], "2")],
    ids=["no digest", "no rows", "cut off"],
)
def test_what_cannot_be_read_is_an_error_that_says_where(file, court, lines, words):
    write(file, *lines)

    with pytest.raises(CommandError, match=words):
        compare(file)

    assert not Manifest.objects.exists()


def test_an_unknown_court_or_file_is_an_error(file, court):
    with pytest.raises(CommandError):
        compare(file)
    write(file)
    with pytest.raises(CommandError, match="XXX"):
        compare(file, court="XXX")
