"""Files made to keep a worker busy are refused, and other courts' files are read meanwhile, by the real worker."""

import json

from tests.support.export_files import widest_workbook
from tests.support.running_site import PATIENCE, wait_for

UPLOAD = """
import json, sys
from pathlib import Path
from cpor_cases.actions import uploads
busy, quiet = factories.make_court("TPD"), factories.make_court("SLD")
clerks = [factories.make_clerk(court) for court in (busy, quiet)]
book = Path({book!r}).read_bytes()
files = [uploads.receive("export.xlsx", [book], court=busy, by=clerks[0]) for _ in range(2)]
case = factories.make_case(quiet)
row = factories.row(case, kind="judgment")
text = ",".join(row) + "\\n" + ",".join(row.values())
files.append(uploads.receive("small.csv", [text.encode()], court=quiet, by=clerks[1]))
print(json.dumps([file.pk for file in files]))
"""
STATES = """
import json
from cpor_cases.models import IncomingFile
files = IncomingFile.objects.filter(pk__in={keys}).order_by("pk")
waited = [file.claimed_at and (file.claimed_at - file.received_at).total_seconds() for file in files]
print(json.dumps([(file.state, file.failure, seconds) for file, seconds in zip(files, waited)]))
"""


def test_two_workbooks_as_wide_as_excel_allows_hold_up_no_other_court(site, tmp_path):
    book = tmp_path / "export.xlsx"
    book.write_bytes(widest_workbook(200_000))
    keys = json.loads(site.python(UPLOAD.format(book=str(book))).splitlines()[-1])

    def all_read():
        found = json.loads(site.python(STATES.format(keys=keys)).splitlines()[-1])
        return all(state != "dry_run" for state, _why, _seconds in found) and found

    found = wait_for(all_read)

    assert [state for state, _why, _seconds in found] == ["unreadable", "unreadable", "ready"]
    assert "100" in found[0][1]
    assert found[2][2] < PATIENCE, "another court's small file waited"
