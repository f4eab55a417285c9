"""線上查詢案件進度聲請狀: the form made for this service alone, in Chinese and in a bilingual edition."""

from . import parts
from .blocks import Block, Columns, Form, LetterBoxes, Paragraph, Row, Table, Text
from .parts import heading, hint, label, ticks, value, words

TITLE = Text("線上查詢案件進度聲請狀", "Application to Follow a Case Online")

CATEGORIES = (
    Text("民事", "civil"),
    Text("家事", "family"),
    Text("刑事", "criminal"),
    Text("行政訴訟", "administrative"),
)
CATEGORY_NAMES = {category.en: category.zh for category in CATEGORIES}

LANGUAGES = (Text("中文", "Chinese"), Text("English"))
LANGUAGE_NAMES = {"zh-hant": "中文", "en": "English"}


def _case() -> Table:
    categories = ticks(CATEGORIES, slot="category", per_line=4, step_mm=32)
    return Table(
        "案件",
        (30, 81, 18, 36),
        (
            Row((label("法　　院", "Court"), value(words("{court:}"), columns=3)), 10),
            Row((label("案件類別", "Category"), value(*categories, columns=3))),
            Row(
                (
                    label("案　　號", "Case number"),
                    value(
                        words(
                            "{year:　　　　}年度{word:　　　　　}字第{number:　　　　　}號",
                            "Year (ROC) · case word · serial number",
                        )
                    ),
                    label("股　別", "Section"),
                    value(words("{division:}")),
                ),
                10,
            ),
        ),
    )


def _applicant(*, is_bilingual: bool) -> Table:
    # English names of roles are long.
    layout = {"per_line": 2, "step_mm": 53} if is_bilingual else {"per_line": 3, "step_mm": 35}
    return Table("聲請人", (30, 26, 109), (_name(), *_roles(layout), *_contact()))


def _name() -> Row:
    return Row(
        (
            label("姓名或名稱", "Name"),
            value(
                words("{name:　}"),
                hint(
                    "請以正楷書寫；啟用帳號時，須輸入與此處相同的姓名。",
                    "Print clearly. You must type the same name to activate the account.",
                    for_hand=True,
                ),
                columns=2,
            ),
        ),
        14,
    )


def _roles(layout: dict[str, int]) -> tuple[Row, ...]:
    """Return the rows in which the applicant ticks in what role, or writes another one."""
    return (
        Row(
            (
                label("身　　分", "Your role", rows=2),
                label("民事、家事\n行政訴訟", "Civil, family,\nadministrative"),
                value(*ticks(parts.CIVIL_ROLES, slot="civil_role", **layout)),
            )
        ),
        Row(
            (
                label("刑　　事", "Criminal"),
                value(*ticks(parts.CRIMINAL_ROLES, slot="criminal_role", **layout)),
            )
        ),
        Row(
            (
                label("其他身分", "Other role"),
                value(
                    words("{role_in_words:　}"),
                    hint(
                        "不在上列者，請寫明；得否聲請，由法院審查。",
                        "If yours is not listed, name it; the court decides whether you may apply.",
                        for_hand=True,
                    ),
                    columns=2,
                ),
            ),
            10,
            for_hand=True,
        ),
    )


def _contact() -> tuple[Row, ...]:
    """Return the rows that say how, and in which language, the applicant is reached."""
    return (
        Row((label("聯絡電話", "Telephone"), value(words("{phone:}"), columns=2)), 9),
        Row(
            (
                label("電子郵件\n信　　箱", "Email address"),
                value(
                    LetterBoxes(2, slot="email"),
                    hint(
                        "請以正楷逐字書寫清楚。未填者無法受理，**法院亦不會通知補正**。",
                        "Print clearly, letter by letter. Without it the application cannot be accepted, "
                        "and the court will not ask you to correct it.",
                        for_hand=True,
                    ),
                    columns=2,
                ),
            ),
            9,
        ),
        Row((label("再寫一次\n以資核對", "Email again"), value(columns=2)), 11, for_hand=True),
        Row(
            (
                label("通知信語言", "Language of emails"),
                value(*ticks(LANGUAGES, slot="language", per_line=2, step_mm=36), columns=2),
            )
        ),
    )


def _signature() -> tuple[Paragraph, ...]:
    return (
        Paragraph(
            "□ 本人已閱讀本狀所附說明及個人資料告知事項，同意法院為提供案件進度線上查詢服務，"
            "蒐集、處理及利用本狀所填之個人資料。",
            "I have read the notes and the notice on personal data in this form and agree that the court collects, "
            "processes and uses the personal data on this form in order to provide the online case-progress service.",
            "consent",
        ),
        Paragraph(
            "　　此　致　{court:________________法院}　　公　鑒",
            "To: the court that has the case",
            "addressed",
        ),
        Paragraph(
            parts.DATE,
            "Date: year (ROC) · month · day",
            "date",
        ),
        Paragraph("具狀人：{name:____}______（簽名或蓋章）", "Applicant (signature or seal)", "signature"),
    )


def _court_use() -> Table:
    return Table(
        "法院填寫欄",
        (22, 36, 18, 89),
        (
            Row((heading("以下由法院填寫", "For the court's use", columns=4),), 7),
            Row(
                (
                    label("收狀日期"),
                    value(),
                    label("審　核", rows=2),
                    value(
                        Columns((Text("□ 核准"), Text("□ 不予受理")), (0, 22)),
                        Columns(
                            (Text("理由："), Text("□ 非得聲請之人"), Text("□ 無電子郵件信箱")), (0, 12, 45)
                        ),
                        Columns((Text(""), Text("□ 字別未開放"), Text("□ 其他：")), (0, 12, 45)),
                        rows=2,
                    ),
                ),
                10,
            ),
            Row((label("收狀號"), value()), 9),
            Row(
                (label("書記官"), value(), label("日　期"), value(words("　　　　年　　　　月　　　　日"))),
                10,
            ),
        ),
    )


NOTES = (
    (
        Text("壹、填寫說明", "How to apply"),
        (
            Text(
                "一、請向案件繫屬的法院聲請使用案件進度線上查詢服務（下稱本服務），每一案件各填一份。"
                "代理人、辯護人等，請附委任狀等證明文件，已附於案卷者免附。",
                "Ask the court that has the case for the online case-progress service (the service), with one form "
                "for each case. Representatives and counsel attach their power of attorney unless it is already "
                "in the file.",
            ),
            Text(
                "二、**未填電子郵件信箱，或不是得聲請查詢之人，無法受理，法院亦不會通知補正。**",
                "Without an email address, or if you are not entitled to apply, the application cannot be accepted, "
                "and the court will not ask you to correct it.",
            ),
            Text(
                "三、可查詢的案件：民事通常、簡易、小額訴訟程序及調解；家事訴訟；刑事通常、簡易訴訟程序；"
                "行政訴訟通常、簡易訴訟程序及再審事件。非訟、強制執行及少年案（事）件不提供查詢。"
                "字別是否開放，請查閱本服務網站之「開放查詢字別」。",
                "Open to queries: civil ordinary, summary and small-claims procedure and mediation; family litigation; "
                "criminal ordinary and summary procedure; administrative ordinary and summary procedure and retrial. "
                "Not open: non-contentious, enforcement and juvenile matters. See the list of open case words on "
                "the website.",
            ),
            Text(
                "四、經法院審核後，隔日即可收到通知信。第一次聲請者，請依信中連結啟用帳號並設定密碼；"
                "已有帳號者，請填同一電子郵件信箱，核准後以原帳號登入即可。",
                "The email arrives the day after the court's review. The first time, follow its link to activate your "
                "account and set a password. If you have an account, give the same address and log in as before.",
            ),
            Text(
                "五、逾五日仍未收到，請先查看垃圾郵件匣，或以電話詢問承辦書記官。",
                "If nothing has come after five days, look in your spam folder or telephone the clerk.",
            ),
        ),
    ),
    (
        Text("貳、服務內容及限制", "What the service does and does not do"),
        (
            Text(
                "一、核准後，您可隨時上網查看該案件最新三筆進行事項；有新的進行事項時，寄信通知您。",
                "Once approved, you can see the latest three entries of the case at any time, and an email tells you of "
                "each new one.",
            ),
            Text(
                "二、網站及通知信所示日期等資訊僅供參考，**仍以法院傳票或通知書及實際辦理之情形為準**。",
                "Dates on the website and in emails are for reference only. The summons or notice of the court, and "
                "what is actually done, prevail.",
            ),
            Text(
                "三、案件送上訴、送抗告、送執行或歸檔後逾二個月，即不再提供查詢及通知。",
                "Queries and emails end when more than two months have passed since the case was sent on appeal, on "
                "interlocutory appeal or for enforcement, or was archived.",
            ),
        ),
    ),
    (
        Text("參、個人資料告知事項", "Notice on personal data"),
        (
            Text(
                "一、蒐集者及目的：受理本狀的法院，為審核聲請、建立及管理帳號、寄送通知及答覆您的詢問，"
                "依個人資料保護法告知以下各項。",
                "Who and why: the court that receives this form, to review the application, keep the account, send "
                "emails and answer your questions. This notice is given under the Personal Data Protection Act.",
            ),
            Text(
                "二、資料種類：本狀所填姓名或名稱、身分、案號、電話、電子郵件信箱及通知語言，"
                "以及您使用本服務時查看案件的紀錄。",
                "Which data: the name, role, case number, telephone, email address and language given on this form, "
                "and the record of your visits to the case in this service.",
            ),
            Text(
                "三、利用方式：僅由辦理及維護本服務的人員，在上述目的內利用；"
                "不會顯示給案件的他造當事人或其他聲請人，也不作廣告等其他用途。",
                "How it is used: only by those who run and maintain the service and only for these purposes. It is not "
                "shown to the other side or to other applicants, nor used for advertising or anything else.",
            ),
            Text(
                "四、保存期間：查詢結束或聲請未獲受理後六個月；核准後六個月仍未啟用的帳號，亦同；"
                "寄信紀錄中的電子郵件信箱，為寄出後十二個月。期滿即自本服務刪除。"
                "本狀的紙本，依法院卷宗保存之規定辦理。",
                "How long: six months after queries end or the application was not accepted, likewise for an account "
                "not activated within six months of approval; twelve months after sending for the addresses in the "
                "record of mails. Then it is deleted from the service. This paper is kept under the rules for court files.",
            ),
            Text(
                "五、您的權利：您可以向受理本狀的法院請求查詢、閱覽、製給複製本、補充、更正、"
                "停止利用或刪除您的資料。停止利用或刪除後，將無法繼續使用本服務。",
                "Your rights: you may ask the court for access to your data, a copy, additions or corrections, or that "
                "its use stop or it be deleted; the service then ends for you.",
            ),
            Text(
                "六、您可以自由決定是否提供資料。不提供者，無法使用本服務，但案件的審理不受影響。",
                "You are free to give these data or not. Without them you cannot use the service; your case itself is "
                "not affected.",
            ),
        ),
    ),
)


def _notes() -> tuple[Paragraph, ...]:
    blocks = [Paragraph("說明及個人資料告知事項", "Notes and notice on personal data", "next_page")]
    for name, items in NOTES:
        blocks.append(Paragraph(name.zh, name.en, "section"))
        blocks += (Paragraph(item.zh, item.en, "item") for item in items)
    return tuple(blocks)


def _form(slug: str, title_zh: str, title_en: str, *, is_bilingual: bool) -> Form:
    signature: tuple[Block, ...] = (*_signature(), _court_use())
    notes: tuple[Block, ...] = _notes()
    return Form(
        slug=slug,
        title_zh=title_zh,
        title_en=title_en,
        category="all",
        purpose="progress_application",
        what_for_zh=(
            "案件已在法院審理中，只想聲請線上查詢進度時使用。"
            + ("本版於中文下方附英文對照，供閱讀英文者參考。" if is_bilingual else "")
        ),
        what_for_en=(
            "Use it when the case is already before the court and you only want to follow it online."
            + (" This edition has English under each Chinese label." if is_bilingual else "")
        ),
        who_zh=(
            "民事、家事及行政訴訟案件的當事人、法定代理人、訴訟代理人、輔佐人、參加人等；"
            "刑事案件的檢察官、被告、自訴人、上訴人、告訴人、輔佐人、辯護人及各類代理人等。"
        ),
        who_en=(
            "In civil, family and administrative cases: parties, statutory agents, litigation representatives, "
            "assistants, intervenors and others. In criminal cases: public prosecutors, defendants, private "
            "prosecutors, appellants, complainants, assistants, defense counsel, agents and others."
        ),
        used_by=parts.EVERY_USER,
        version_date=parts.VERSION_DATE,
        is_bilingual=is_bilingual,
        blocks=(
            parts.title(*TITLE),
            _case(),
            _applicant(is_bilingual=is_bilingual),
            # With English the form is longer than a page; then one signs at the end, after the notes.
            *(notes + signature if is_bilingual else signature + notes),
        ),
    )


PROGRESS_APPLICATIONS = (
    _form("progress-application", TITLE.zh, TITLE.en, is_bilingual=False),
    _form(
        "progress-application-bilingual",
        f"{TITLE.zh}（中英對照）",
        f"{TITLE.en} (Chinese–English)",
        is_bilingual=True,
    ),
)
