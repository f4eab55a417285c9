"""民事起訴狀: the complaint that starts a civil case."""

from . import parts
from .blocks import Form

TITLE = "民事起訴狀"

CIVIL_COMPLAINT = Form(
    slug="civil-complaint",
    title_zh=TITLE,
    title_en="Civil complaint",
    category="civil",
    purpose="complaint",
    what_for_zh="向法院提起民事訴訟時使用，可同時勾選聲請案件進度線上查詢服務。",
    what_for_en=(
        "Use it to start a civil case. You can tick the box for the online case-progress service on the same form."
    ),
    who_zh="原告，或其法定代理人、訴訟代理人。",
    who_en="The plaintiff, or the plaintiff's statutory agent or litigation representative.",
    used_by=("party", "statutory-agent", "representative"),
    version_date=parts.VERSION_DATE,
    blocks=(
        parts.title(TITLE),
        parts.case_block(has_number=False, has_amount=True),
        parts.party_table(
            ("原　告", parts.PARTY_DETAILS),
            ("□ 法定代理人\n□ 訴訟代理人", parts.AGENT_DETAILS),
            ("被　告", parts.PARTY_DETAILS),
        ),
        parts.service_box(parts.CIVIL_ROLES[:3], per_line=3, step_mm=44),
        parts.writing_box(
            "訴之聲明",
            "請寫明請求法院如何判決，例如請求被告給付的金額、利息起算日；有數項請求者，請分項編號。",
            lines=7,
        ),
        parts.writing_box(
            "事實及理由",
            "請依時間先後寫明事情經過（人、時、地、事、物），以及您據以請求的理由。",
            lines=18,
        ),
        parts.writing_box("事實及理由（續）", "如不敷使用，可另加頁。", lines=9),
        parts.evidence_table(mark="原證", rows=6),
        parts.attachments(
            "□ 起訴狀繕本或影本　　　份（按被告人數提出）",
            "□ 委任狀　　　件　　　□ 證據影本　　　件　　　□ 其他：",
        ),
        *parts.closing("________________法院　□ 民事庭　□ 簡易庭　　公　鑒"),
    ),
)
