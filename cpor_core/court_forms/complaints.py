"""起訴狀 and 自訴狀: what starts a case, one for each branch of law.

What each must say: 民事訴訟法 §116 and §244, 家事事件書狀規則, 行政訴訟法 §57 and §105, 刑事訴訟法 §319 and §320.
"""

from typing import Literal

from . import parts
from .blocks import Block, Form, Row, Table, Text
from .parts import Party, hint, label, value, words

LAWYER_NOTE = "提起自訴，應委任律師為代理人（刑事訴訟法第 37 條、第 319 條第 2 項）。"
PRIVATE_PROSECUTOR_ROLES = (
    Text("自訴人", "private prosecutor"),
    Text("自訴代理人", "agent of the private prosecutor"),
)


def _complaint(
    category: Literal["civil", "family", "criminal", "administrative"],
    *,
    title: str,
    title_en: str,
    what_for: Text,
    who: Text,
    used_by: tuple[str, ...] = ("party", "statutory-agent", "representative"),
    blocks: tuple[Block, ...],
) -> Form:
    tick = "可同時勾選聲請案件進度線上查詢服務。"
    tick_en = " You can tick the box for the online case-progress service on the same form."
    return Form(
        slug=f"{category}-complaint",
        title_zh=title,
        title_en=title_en,
        category=category,
        purpose="complaint",
        what_for_zh=what_for.zh + tick,
        what_for_en=what_for.en + tick_en,
        who_zh=who.zh,
        who_en=who.en,
        used_by=used_by,
        version_date=parts.VERSION_DATE,
        blocks=(parts.title(title), *blocks),
    )


def _service(roles: tuple[Text, ...]) -> Table:
    return parts.service_box(roles, per_line=4, step_mm=33)


def _pleading(*, claim: str, grounds: str, claim_lines: int = 7, ground_lines: int = 18) -> tuple[Block, ...]:
    """Return 訴之聲明 and 事實及理由, each with advice."""
    return (
        parts.writing_box("訴之聲明", claim, lines=claim_lines),
        parts.writing_box("事實及理由", grounds, lines=ground_lines),
        parts.writing_box("事實及理由（續）", "如不敷使用，可另加頁。", lines=9),
    )


GROUNDS = "請依時間先後寫明事情經過（人、時、地、事、物），以及您據以請求的理由。"
PLAINTIFF = Text(
    "原告，或其法定代理人、訴訟代理人。",
    "The plaintiff, or the plaintiff's statutory agent or litigation representative.",
)
COPIES = "□ 起訴狀繕本或影本　　　份（按被告人數提出）"
PAPERS = "□ 委任狀　　　件　　　□ 證據影本　　　件　　　□ 其他："

CIVIL = _complaint(
    "civil",
    title="民事起訴狀",
    title_en="Civil complaint",
    what_for=Text("向法院提起民事訴訟時使用，", "Use it to start a civil case."),
    who=PLAINTIFF,
    blocks=(
        parts.case_block(has_number=False, has_amount=True),
        parts.party_table(
            Party("原　告", parts.PARTY_DETAILS, "party"),
            parts.CIVIL_AGENT,
            Party("被　告", parts.PARTY_DETAILS),
        ),
        _service(parts.CIVIL_ROLES[:3]),
        *_pleading(
            claim="請寫明請求法院如何判決，例如請求被告給付的金額、利息起算日；有數項請求者，請分項編號。",
            grounds=GROUNDS,
        ),
        parts.evidence_table(mark="原證", rows=6),
        parts.attachments(COPIES, PAPERS),
        *parts.closing("{court:________________法院}　□ 民事庭　□ 簡易庭　　公　鑒"),
    ),
)

FAMILY = _complaint(
    "family",
    title="家事起訴狀",
    title_en="Family complaint",
    what_for=Text(
        "向法院提起家事訴訟（例如離婚、分割遺產、否認子女）時使用，",
        "Use it to start a family lawsuit, such as one for divorce, over an inheritance or about parentage.",
    ),
    who=PLAINTIFF,
    blocks=(
        parts.case_block(has_number=False, has_amount=True),
        parts.party_table(
            Party("原　告", parts.PARTY_DETAILS, "party"),
            parts.CIVIL_AGENT,
            Party("被　告", parts.PARTY_DETAILS[:4]),
            advice=parts.PARTY_ADVICE + parts.CONFIDENTIAL_ADDRESS,
        ),
        _service(parts.CIVIL_ROLES[:3]),
        *_pleading(
            claim="請寫明請求法院如何判決，例如請准原告與被告離婚；有數項請求者，請分項編號。",
            grounds=GROUNDS + "有未成年子女者，請一併寫明其姓名及出生年月日。",
            claim_lines=6,
        ),
        parts.evidence_table(mark="原證", rows=6),
        parts.attachments(COPIES, "□ 戶籍謄本　　　件", PAPERS),
        *parts.closing("{court:________________法院}　家事法庭　　公　鑒"),
    ),
)


def _challenged_decisions() -> Table:
    """Return the table of what the administrative case is about: the act, and the decision on the administrative appeal."""

    def decision(name: str, received: str) -> tuple[Row, ...]:
        day = words("　　　年　　月　　日")
        return (
            Row((label(name, rows=2), label("機　　關"), value(), label("文　號"), value()), 9),
            Row((label("日　　期"), value(day), label(received), value(day)), 9),
        )

    return Table(
        "原處分及訴願決定",
        (25, 22, 49, 22, 47),
        (
            *decision("原 處 分", "收受日期"),
            *decision("訴願決定", "收受日期"),
            Row(
                (value(hint("未經訴願程序者，訴願決定欄免填。經訴願程序者，請附訴願決定書。"), columns=5),), 7
            ),
        ),
    )


ADMINISTRATIVE = _complaint(
    "administrative",
    title="行政訴訟起訴狀",
    title_en="Administrative complaint",
    what_for=Text(
        "不服行政機關的處分或其他公法上的爭議，向行政法院提起訴訟時使用，",
        "Use it to start a case at an administrative court against an act of an authority or in another dispute of "
        "public law.",
    ),
    who=PLAINTIFF,
    blocks=(
        parts.case_block(has_number=False, has_amount=True),
        parts.party_table(
            Party("原　告", parts.PARTY_DETAILS, "party"),
            parts.CIVIL_AGENT,
            Party("被　告", parts.AGENCY_DETAILS),
        ),
        _challenged_decisions(),
        _service(parts.CIVIL_ROLES[:3]),
        *_pleading(
            claim="請寫明請求法院如何判決，例如訴願決定及原處分均撤銷；有數項請求者，請分項編號。",
            grounds="請依時間先後寫明事情經過，以及您認為原處分或訴願決定違法的理由。",
            ground_lines=9,
        ),
        parts.evidence_table(mark="原證", rows=6),
        parts.attachments(COPIES, "□ 原處分書影本　　　件　　　□ 訴願決定書影本　　　件", PAPERS),
        *parts.closing(parts.ADMINISTRATIVE_COURT),
    ),
)

CRIMINAL = _complaint(
    "criminal",
    title="刑事自訴狀",
    title_en="Private criminal prosecution",
    what_for=Text(
        "犯罪的被害人委任律師，直接向法院提起自訴時使用，",
        "Use it if you are the victim of a crime and prosecute it yourself, through a lawyer, before the court.",
    ),
    who=Text(
        "自訴人及其委任的自訴代理人（律師）。",
        "The private prosecutor and the lawyer who is the private prosecutor's agent.",
    ),
    used_by=("complainant", "representative"),
    blocks=(
        parts.case_block(has_number=False, has_amount=False),
        parts.party_table(
            Party("自訴人", parts.PARTY_DETAILS, "party"),
            Party("自訴代理人\n（律　師）", parts.AGENT_DETAILS, "agent"),
            Party("被　告", parts.ACCUSED_DETAILS),
        ),
        _service(PRIVATE_PROSECUTOR_ROLES),
        parts.writing_box(
            "犯罪事實",
            "請寫明構成犯罪的具體事實，及其犯罪的日、時、處所、方法；如不敷使用，可另加頁。" + LAWYER_NOTE,
            lines=25,
        ),
        parts.writing_box("所犯法條", "請寫明被告所犯的罪名及法條。", lines=3),
        parts.evidence_table(mark="自證", rows=6),
        parts.attachments("□ 自訴狀繕本　　　份（按被告人數提出）", PAPERS),
        *parts.closing("{court:________________法院}　刑事庭　　公　鑒"),
    ),
)

COMPLAINTS = (CIVIL, FAMILY, CRIMINAL, ADMINISTRATIVE)

_STARTING_ROLES = frozenset({"當事人", "原告", "選定當事人", "法定代理人", "訴訟代理人"})
_PROSECUTING_ROLES = frozenset(role.zh for role in PRIVATE_PROSECUTOR_ROLES)


def complaint_of(category: str, role: str) -> Form | None:
    """Return the form by which somebody in this role (its name in Chinese) starts a case of this category; None if nobody does."""
    roles = _PROSECUTING_ROLES if category == "criminal" else _STARTING_ROLES
    forms = (form for form in COMPLAINTS if form.category == category)
    return next(forms, None) if role in roles else None
