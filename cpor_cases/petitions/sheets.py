"""A petition on paper: the court's own form, filled in with what its person typed. The paper is always Chinese."""

import qrcode
from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation

from cpor_cases.models import Petition
from cpor_core.court_forms import complaint_of, form_of
from cpor_core.court_forms.blocks import Form
from cpor_core.court_forms.filling import Facts, NumberLabel, fill
from cpor_core.links import absolute
from cpor_core.roc_dates import in_roc_words
from cpor_core.translated.fields import first_text

FORM = "progress-application"
QUIET_ZONE = 4  # modules of white around the code, as ISO/IEC 18004 asks


def sheet_of(petition: Petition) -> Form:
    """Return the filled-in form of a petition: `pdf.html_writer` and `pdf.petition_pdf` print it."""
    svg = qr_svg(petition.number)
    label = NumberLabel(petition.grouped_number, svg, _notes(petition), _kept_notes(petition))
    return fill(form_of(FORM), _facts(petition), label)


def complaint_with(petition: Petition) -> Form | None:
    """Return the complaint with which a petition is handed in, filled in as far as the petition tells: what is claimed, and why,
    is for its person to write. None if the case has begun, or the person is not one who begins it."""
    if not petition.is_with_complaint:
        return None
    form = complaint_of(petition.category, first_text(petition.role, "name"))
    return fill(form, _facts(petition)) if form else None


def _facts(petition: Petition) -> Facts:
    return Facts(
        court=first_text(petition.court, "name"),
        category=petition.category,
        number=petition.case_number,
        division=petition.division,
        name=petition.applicant_name,
        role=first_text(petition.role, "name"),
        email=petition.address,
        phone=petition.phone,
        language=petition.language,
        date=timezone.localdate(petition.made_at),
    )


def _notes(petition: Petition) -> tuple[str, ...]:
    """Return what the court has to know of the petition."""
    proved = "已以驗證碼確認" if petition.is_address_proved else "未以驗證碼確認，請法院逐字核對"
    notes = [f"本狀由聲請人於線上填寫。電子郵件信箱{proved}。"]
    if petition.former_case:
        notes.append(f"案號尚未編定。原審案號：{petition.former_case}")
    elif petition.is_with_complaint:
        notes.append("案號尚未編定，本狀與起訴狀一併遞交。")
    return tuple(notes)


def _kept_notes(petition: Petition) -> tuple[str, ...]:
    """Return what its applicant has to know after it was handed in."""
    with translation.override(settings.LANGUAGE_CODE):
        status = absolute(reverse("petitions:status"))
    last_day = in_roc_words(timezone.localdate(petition.expires_at))
    return (
        f"遞交：{_where(petition)}",
        f"請於{last_day}以前遞交第一頁；逾期編號失效，本狀仍可遞交。",
        f"辦理情形：請至 {status} ，輸入聲請狀編號及電子郵件信箱查詢。",
        "法院無法受理時，不會另行通知；請自行查詢，並可更正後再次聲請。",
    )


def _where(petition: Petition) -> str:
    court = petition.court
    facts = [first_text(court, "address"), f"電話 {court.phone}" if court.phone else ""]
    known = "，".join(filter(None, facts))
    return f"{first_text(court, 'name')}（{known}）" if known else first_text(court, "name")


def qr_svg(number: str) -> str:
    """Return the number, and nothing else, as a QR code: an <svg> without styles of its own."""
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, border=QUIET_ZONE)
    code.add_data(number)
    rows = code.get_matrix()
    path = "".join(f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark)
    size = len(rows)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" shape-rendering="crispEdges">'
        f'<path fill="#fff" d="M0 0h{size}v{size}H0z"/><path fill="#000" d="{path}"/></svg>'
    )
