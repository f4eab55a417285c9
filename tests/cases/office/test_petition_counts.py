"""What editors read of the steps at which people stop: by month, without anybody's data."""

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse

from cpor_cases.models import PetitionCounter

pytestmark = pytest.mark.django_db


def rows(page) -> list[list[str]]:
    table = BeautifulSoup(page.content, "html.parser").select("table.listing tbody tr")
    return [[" ".join(cell.get_text(" ").split()) for cell in row.find_all("td")] for row in table]


def test_the_steps_of_a_month_stand_in_order_with_their_shares(client, editor):
    for step, reached in (("finished", 3), ("court", 12), ("code", 6)):
        PetitionCounter.objects.create(month="2026-10-01", step=step, reached=reached)
    PetitionCounter.objects.create(month="2026-11-01", step="court", reached=1)
    client.force_login(editor)

    found = rows(client.get(reverse("petition_counts_report")))

    assert [row[1:] for row in found] == [
        ["法院", "1", "100%"],
        ["法院", "12", "100%"],
        ["驗證碼", "6", "50%"],
        ["完成聲請狀", "3", "25%"],
    ]


@pytest.mark.parametrize("kind", ["csv", "ods", "xlsx"])
def test_the_report_can_be_downloaded(client, editor, kind):
    PetitionCounter.objects.create(month="2026-10-01", step="court", reached=12)
    client.force_login(editor)

    assert client.get(reverse("petition_counts_report"), {"export": kind}).status_code == 200


def test_clerks_do_not_read_it(client, clerk):
    client.force_login(clerk)

    assert client.get(reverse("petition_counts_report")).status_code in {302, 403}
