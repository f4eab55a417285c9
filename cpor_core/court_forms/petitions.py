"""聲請狀: petitions in a case that is already before the court, one for each branch of law."""

from typing import Literal

from . import parts
from .blocks import Form, Text
from .parts import Party


def _petition(
    category: Literal["civil", "family", "criminal", "administrative"],
    *,
    name_zh: str,
    name_en: str,
    parties: tuple[Party, ...],
    roles: tuple[Text, ...],
    court: str,
    copies: tuple[str, ...],
) -> Form:
    title = f"{name_zh}聲請狀"
    is_criminal = category == "criminal"
    return Form(
        slug=f"{category}-petition",
        title_zh=title,
        title_en=f"{name_en} petition",
        category=category,
        purpose="petition",
        what_for_zh=f"在法院審理中的{name_zh}案件提出聲請時使用，可同時勾選聲請案件進度線上查詢服務。",
        what_for_en=(
            f"Use it to ask the court for something in {_article(name_en)} {name_en.lower()} case that is already "
            "pending. You can tick the box for the online case-progress service on the same form."
        ),
        who_zh=f"{'、'.join(role.zh for role in roles)}等。",
        who_en=f"{', '.join(role.en for role in roles)} and others.".capitalize(),
        used_by=parts.CRIMINAL_USERS if is_criminal else parts.CIVIL_USERS,
        version_date=parts.VERSION_DATE,
        blocks=(
            parts.title(title),
            parts.case_block(has_number=True, has_amount=category in ("civil", "administrative")),
            parts.party_table(*parties),
            parts.service_box(roles, per_line=4 if is_criminal else 3, step_mm=33 if is_criminal else 44),
            parts.writing_box("聲請事項", "請寫明聲請法院做什麼；有數項聲請者，請分項編號。", lines=4),
            parts.writing_box("事實及理由", "請寫明聲請的原因及相關經過。如不敷使用，可另加頁。", lines=8),
            parts.evidence_table(mark="聲證", rows=2),
            parts.attachments(*copies),
            *parts.closing(court),
        ),
    )


def _article(word: str) -> str:
    return "an" if word[0] in "AEIOU" else "a"


COPIES = (
    "□ 繕本或影本　　　份（按他造人數提出）",
    "□ 委任狀　　　件　　　□ 證據影本　　　件　　　□ 其他：",
)
SIDES = (
    Party("聲請人", parts.PARTY_DETAILS, "party"),
    parts.CIVIL_AGENT,
    Party("相對人", parts.OPPONENT_DETAILS),
)

PETITIONS = (
    _petition(
        "civil",
        name_zh="民事",
        name_en="Civil",
        parties=SIDES,
        roles=parts.CIVIL_ROLES,
        court="{court:________________法院}　□ 民事庭　□ 簡易庭　　公　鑒",
        copies=COPIES,
    ),
    _petition(
        "family",
        name_zh="家事",
        name_en="Family",
        parties=SIDES,
        roles=parts.CIVIL_ROLES,
        court="{court:________________法院}　家事法庭　　公　鑒",
        copies=COPIES,
    ),
    _petition(
        "criminal",
        name_zh="刑事",
        name_en="Criminal",
        parties=(
            Party("聲請人", parts.PARTY_DETAILS, "party"),
            Party("[role=辯護人] 辯護人\n[agent_kind=代理人] 代理人", parts.AGENT_DETAILS, "agent"),
            Party("被　告", parts.OPPONENT_DETAILS),
        ),
        roles=parts.CRIMINAL_ROLES,
        court="{court:________________法院}　刑事庭　　公　鑒",
        copies=("□ 委任狀　　　件　　　□ 證據影本　　　件　　　□ 其他：",),
    ),
    _petition(
        "administrative",
        name_zh="行政訴訟",
        name_en="Administrative",
        parties=(*SIDES[:2], Party("相對人", parts.AGENCY_DETAILS)),
        roles=parts.CIVIL_ROLES,
        court=parts.ADMINISTRATIVE_COURT,
        copies=COPIES,
    ),
)
