"""Parts that several forms share: title block, parties, the progress service, evidence, signature."""

from typing import NamedTuple

from .blocks import Cell, Columns, LetterBoxes, Paragraph, Row, Table, Text, WritingSpace
from .styles import WRITING_LINE_MM

# Shown on every form and kept as the files' own date, so that building twice gives the same files.
VERSION_DATE = "2026-11-30"

# The width of "□ " in front of a choice: its English stands below the word, not below the box.
TICK_MM = 5

SERVICE = "案件進度線上查詢服務"

CIVIL_ROLES = (
    Text("當事人", "party"),
    Text("法定代理人", "statutory agent"),
    Text("訴訟代理人", "litigation representative"),
    Text("輔佐人", "assistant in litigation"),
    Text("參加人", "intervenor"),
)
CRIMINAL_ROLES = (
    Text("檢察官", "public prosecutor"),
    Text("被告", "defendant"),
    Text("自訴人", "private prosecutor"),
    Text("上訴人", "appellant"),
    Text("告訴人", "complainant"),
    Text("輔佐人", "assistant in litigation"),
    Text("辯護人", "defense counsel"),
    Text("被告代理人", "agent of the defendant"),
    Text("自訴代理人", "agent of the private prosecutor"),
    Text("告訴代理人", "agent of the complainant"),
    Text("告訴人法定代理人", "statutory agent of the complainant"),
)

# The groups of roles that use such a form, by their slugs in role_groups.json.
CIVIL_USERS = ("party", "statutory-agent", "representative", "assistant", "intervenor")
CRIMINAL_USERS = (
    "accused",
    "complainant",
    "statutory-agent",
    "representative",
    "defense-counsel",
    "assistant",
    "prosecutor",
)
EVERY_USER = tuple(dict.fromkeys(CIVIL_USERS + CRIMINAL_USERS))


def title(zh: str, en: str = "") -> Paragraph:
    """Return the title of a form."""
    return Paragraph(zh, en, "title")


def label(zh: str, en: str = "", *, columns: int = 1, rows: int = 1) -> Cell:
    """Return a cell that names what stands beside it, over so many columns and rows."""
    return Cell((Paragraph(zh, en, "label"),), "label", columns, rows)


def heading(zh: str, en: str = "", *, columns: int = 1) -> Cell:
    """Return a cell that names what stands below it, over so many columns."""
    return Cell((Paragraph(zh, en, "label"),), "heading", columns)


def value(*blocks, columns: int = 1, rows: int = 1) -> Cell:
    """Return a cell with these blocks, over so many columns and rows; without blocks an empty one to be filled in."""
    return Cell(blocks or (Paragraph("", style="value"),), "value", columns, rows)


def words(zh: str, en: str = "") -> Paragraph:
    """Return what is printed where people write: the units of a number, a blank between fixed words."""
    return Paragraph(zh, en, "value")


def hint(zh: str, en: str = "", *, for_hand: bool = False) -> Paragraph:
    """Return advice in small print on how to fill in a cell; one `for_hand` is left out where it is typed."""
    return Paragraph(zh, en, "hint", for_hand)


def ticks(choices: tuple[Text, ...], *, slot: str, per_line: int, step_mm: float) -> tuple[Columns, ...]:
    """Return the lines of boxes to tick, so many a line, `step_mm` apart; the fact of `slot` is one of the choices."""
    return _in_lines(_boxes(choices, slot), per_line=per_line, step_mm=step_mm)


def _boxes(choices: tuple[Text, ...], slot: str) -> tuple[Text, ...]:
    return tuple(Text(f"[{slot}={choice.zh}] {choice.zh}", choice.en) for choice in choices)


def _in_lines(boxes: tuple[Text, ...], *, per_line: int, step_mm: float) -> tuple[Columns, ...]:
    places = tuple(step_mm * place for place in range(per_line))
    return tuple(
        Columns(boxes[start : start + per_line], places, gloss_indent_mm=TICK_MM)
        for start in range(0, len(boxes), per_line)
    )


def case_block(*, has_number: bool, has_amount: bool) -> Table:
    """Return the table of 案號, 股別, 案由, and what the claim is worth if `has_amount`; without a number yet it says so."""
    number = [words("{year:　　　　}年度{word:　　　　　}字第{number:　　　　　　}號")]
    if not has_number:
        number.append(hint("起訴時尚無案號及股別，請留空，由法院編列。"))
    cause = label("案　　由")
    rows = [Row((label("案　　號"), value(*number), label("承辦股別"), value(words("{division:}"))), 10)]
    if has_amount:
        amount = (label("訴訟標的\n金額或價額"), value(words("新臺幣　　　　　　　　　　　　　　　元")))
        rows.append(Row((*amount, cause, value(words("{cause:}"))), 12))
    else:
        rows.append(Row((cause, value(words("{cause:}"), columns=3)), 10))
    return Table("案件", (26, 85, 21, 33), tuple(rows))


PARTY_DETAILS = (
    Columns((Text("國民身分證或營利事業統一編號："),), (0,), "detail"),
    Columns((Text("性別："), Text("出生年月日："), Text("職業：")), (0, 24, 68), "detail"),
    Columns((Text("住居所、事務所或營業所："),), (0,), "detail"),
    Columns((Text("郵遞區號："), Text("電話："), Text("傳真：")), (0, 31, 68), "detail"),
    Columns((Text("電子郵件信箱："),), (0,), "detail"),
    Columns((Text("送達代收人："), Text("送達處所：")), (0, 45), "detail"),
)
AGENCY_DETAILS = (
    Columns((Text("代表人（姓名及職稱）："),), (0,), "detail"),
    Columns((Text("公務所："),), (0,), "detail"),
    Columns((Text("郵遞區號："), Text("電話："), Text("傳真：")), (0, 31, 68), "detail"),
)
ACCUSED_DETAILS = (
    Columns((Text("性別："), Text("年齡：")), (0, 45), "detail"),
    Columns((Text("住所或居所："),), (0,), "detail"),
    Columns((Text("電話："),), (0,), "detail"),
    Columns((Text("其他足資辨別之特徵："),), (0,), "detail"),
)
OPPONENT_DETAILS = (PARTY_DETAILS[0], PARTY_DETAILS[2], PARTY_DETAILS[3])
AGENT_DETAILS = (
    Columns((Text("與當事人之關係："), Text("電話：")), (0, 58), "detail"),
    Columns((Text("住居所或事務所："),), (0,), "detail"),
    Columns((Text("電子郵件信箱："),), (0,), "detail"),
)


# 家事事件書狀規則第 3 條
CONFIDENTIAL_ADDRESS = (
    "依法得保密住居所，或認記載有危害安全之虞者，得僅陳明送達代收人或送達處所，不填住居所。"
)

ADMINISTRATIVE_COURT = "{administrative_court:________行政法院}　[bench=高等庭] 高等行政訴訟庭　[bench=地方庭] 地方行政訴訟庭　　公　鑒"

PARTY_ADVICE = (
    "請依序填寫：國民身分證統一編號（法人或團體為營利事業統一編號）、性別、出生年月日、職業、"
    "住居所（或就業處所、公務所、事務所、營業所）、郵遞區號、電話、傳真、電子郵件信箱；"
    "另有指定送達代收人者，其姓名及送達處所。"
)


class Party(NamedTuple):
    """A row of the parties: what they are called on this form, what is asked of them, and the slot of their name."""

    title: str
    details: tuple[Columns, ...]
    slot: str = ""


CIVIL_AGENT = Party("[role=法定代理人] 法定代理人\n[role=訴訟代理人] 訴訟代理人", AGENT_DETAILS, "agent")


def party_table(*parties: Party, advice: str = PARTY_ADVICE) -> Table:
    """Return the table of the parties, a row for each, headed by advice on what to write."""
    top = Row((heading("稱　謂"), heading("姓名或名稱"), Cell((hint(advice),), "heading")), 12)
    rows = tuple(
        Row(
            (
                label(party.title),
                value(words(f"{{{party.slot}:}}" if party.slot else "")),
                value(*party.details),
            ),
            10,
        )
        for party in parties
    )
    return Table("當事人", (29, 30, 106), (top, *rows), heading_rows=1)


SERVICE_HINTS = (
    "一、未填電子郵件信箱，或不是得聲請查詢之人，無法受理，**法院亦不會通知補正**。",
    "二、電子郵件信箱請以正楷逐字書寫清楚，並區分數字 0 與字母 O、數字 1 與字母 l。",
    "三、經法院審核後，隔日即可收到通知信。所示庭期等資訊僅供參考，仍以法院傳票或通知書為準。",
    "四、非訟、強制執行及少年案（事）件不提供查詢。",
)


# What a 當事人 is called in the course of a case.
PARTIES = frozenset(
    [
        "原告",
        "被告",
        "上訴人",
        "被上訴人",
        "聲請人",
        "相對人",
        "抗告人",
        "反訴原告",
        "反訴被告",
        "再審原告",
        "再審被告",
        "選定當事人",
        "被告機關",
    ]
)
# Whoever is none of those that the boxes name says what they are; the court decides whether they may apply.
OTHER_ROLE = Text("[role=other] 其他：{other_role:}")


def service_box(roles: tuple[Text, ...], *, per_line: int, step_mm: float) -> Table:
    """Return the table with the box that asks for online queries, the roles to tick, and the address without which it is void."""
    request = Paragraph(
        f"[service=yes] **聲請使用「{SERVICE}」**（請勾選，並填寫下列各欄；不聲請者免填）", style="line"
    )
    choices = _in_lines((*_boxes(roles, "role"), OTHER_ROLE), per_line=per_line, step_mm=step_mm)
    return Table(
        SERVICE,
        (28, 137),
        (
            Row((value(request, columns=2),), 9),
            Row((label("聲請查詢者\n姓　　名"), value(words("{name:}"))), 12),
            Row((label("身　　分"), value(*choices)), 9),
            Row((label("電子郵件\n位　　址"), value(LetterBoxes(2, slot="email"))), 18),
            Row((value(*(hint(text) for text in SERVICE_HINTS), columns=2),), 9),
        ),
        is_kept_together=True,
    )


def writing_box(name: str, advice: str, *, lines: int) -> Table:
    """Return a headed part of the pleading with so many lines to write on."""
    return Table(
        name,
        (165,),
        (
            Row((Cell((Paragraph(f"**{name}**", style="value"), hint(advice)), "heading"),), 9),
            Row((value(WritingSpace(lines)),), lines * WRITING_LINE_MM + 2),
        ),
        heading_rows=1,
    )


def evidence_table(*, mark: str, rows: int) -> Table:
    """Return the table of 證據, numbered with `mark`: so many blank rows, and one for a witness."""
    top = Row((heading("編　號"), heading("證物名稱"), heading("件數"), heading("待證事實")))
    blank = Row((value(words(f"{mark}　")), value(), value(), value()), 9)
    witness = Row((label("證　人"), value(hint("姓名及住居所："), columns=3)), 11)
    return Table("證物名稱及件數", (24, 62, 17, 62), (top, *([blank] * rows), witness), heading_rows=1)


def attachments(*items: str) -> Table:
    """Return the table of what is handed in with the form: a line for each of the items."""
    blocks = tuple(words(item) for item in items)
    return Table("附屬文件", (28, 137), (Row((label("附屬文件\n及　件　數"), value(*blocks)), 12),))


DATE = "中　華　民　國　{roc_year:　　　　}　年　{month:　　　　}　月　{day:　　　　}　日"
# The name, if it is known, and always space to sign.
SIGNER, DRAFTER = "{party:____}______", "{agent:____}______"


def closing(court: str) -> tuple[Paragraph, ...]:
    """Return the end of a form: to which court, when, and by whom."""
    return (
        Paragraph("　　此　致", style="addressed"),
        Paragraph(court, style="addressed"),
        Paragraph(DATE, style="date"),
        Paragraph(f"具狀人：{SIGNER}（簽名或蓋章）", style="signature"),
        Paragraph(f"撰狀人：{DRAFTER}（簽名或蓋章）", style="signature"),
    )
