"""Files made to keep a worker busy are refused, and other courts' files are taken meanwhile: with the real worker."""

import json

from tests.support.export_files import widest_workbook
from tests.support.running_site import PATIENCE, wait_for

KEEP = """
import json, sys
from pathlib import Path
from cpor_cases.actions import uploads
busy, quiet = factories.make_court("TPD"), factories.make_court("SLD")
clerks = [factories.make_clerk(court) for court in (busy, quiet)]
book = Path({book!r}).read_bytes()
kept = [uploads.receive("export.xlsx", [book], court=busy, by=clerks[0]) for _ in range(2)]
case = factories.make_case(quiet)
row = factories.row(case, kind="judgment")
text = ",".join(row) + "\\n" + ",".join(row.values())
kept.append(uploads.receive("small.csv", [text.encode()], court=quiet, by=clerks[1]))
print(json.dumps([upload.pk for upload in kept]))
"""
STATES = """
import json
from cpor_cases.models import IncomingFile
found = IncomingFile.objects.filter(pk__in={keys}).order_by("pk")
print(json.dumps([(u.state, u.failure, (u.claimed_at - u.received_at).total_seconds()) for u in found]))
"""


def test_two_workbooks_as_wide_as_excel_allows_hold_up_no_other_court(site, tmp_path):
    book = tmp_path / "export.xlsx"
    book.write_bytes(widest_workbook(200_000))
    keys = json.loads(site.python(KEEP.format(book=str(book))).splitlines()[-1])

    def all_read():
        found = json.loads(site.python(STATES.format(keys=keys)).splitlines()[-1])
        return all(state != "dry_run" for state, _why, _seconds in found) and found

    found = wait_for(all_read)

    assert [state for state, _why, _seconds in found] == ["unreadable", "unreadable", "ready"]
    assert "100" in found[0][1]
    assert found[2][2] < PATIENCE, "another court's small file waited"
