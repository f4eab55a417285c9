"""The StreamField blocks of page bodies."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail import blocks
from wagtail.images.blocks import ImageBlock
from wagtail.images.models import Image

from cpor_core import signals

TEXT_FEATURES = ["h2", "h3", "bold", "italic", "ol", "ul", "hr", "link", "document-link"]
SHOWN_AS = "max-1400x1800|format-webp"  # as in templates/cpor_pages/blocks/figure.html
SHORT_FEATURES = ["bold", "italic", "ol", "ul", "link", "document-link"]


class TextBlock(blocks.RichTextBlock):
    """Running text with headings, lists and links."""

    def __init__(self, **kwargs):
        super().__init__(features=TEXT_FEATURES, **kwargs)

    class Meta:
        icon = "pilcrow"
        label = pgettext_lazy("block", "Text")
        description = _("Running text with headings, lists and links.")
        template = "cpor_pages/blocks/text.html"
        preview_value = "<p>案件進度線上查詢服務 Online Case Progress Service</p>"


class NoticeBlock(blocks.StructBlock):
    """A highlighted notice of a few sentences."""

    kind = blocks.ChoiceBlock(
        choices=[("info", _("information")), ("warning", _("warning"))], default="info", label=_("Kind")
    )
    title = blocks.CharBlock(required=False, max_length=80, label=pgettext_lazy("block", "Title"))
    text = blocks.RichTextBlock(features=["bold", "link"], label=pgettext_lazy("block", "Text"))

    class Meta:
        icon = "warning"
        label = _("Notice")
        description = _("A few sentences that must not be overlooked.")
        template = "cpor_pages/blocks/notice.html"
        preview_value = {"kind": "info", "title": "請注意", "text": "<p>開庭日期以法院通知為準。</p>"}


class StepBlock(blocks.StructBlock):
    """One step of a procedure."""

    title = blocks.CharBlock(max_length=80, label=pgettext_lazy("block", "Title"))
    text = blocks.RichTextBlock(features=SHORT_FEATURES, label=pgettext_lazy("block", "Text"))

    class Meta:
        icon = "list-ol"
        label = _("Step")
        description = _("One step of a procedure: a heading and a sentence or two.")
        template = "cpor_pages/blocks/step.html"
        preview_value = {"title": "下載書狀", "text": "<p>勾選本服務，並填寫電子郵件信箱。</p>"}


class StepsBlock(blocks.StructBlock):
    """Numbered steps, one after the other."""

    steps = blocks.ListBlock(StepBlock(), min_num=2, label=_("Steps"))

    class Meta:
        icon = "list-ol"
        label = _("Steps")
        description = _("Numbered steps, one after the other.")
        template = "cpor_pages/blocks/steps.html"
        preview_value = {"steps": [{"title": "下載書狀", "text": "<p>勾選本服務。</p>"}] * 2}


class FactBlock(blocks.StructBlock):
    """A term and its description."""

    term = blocks.CharBlock(max_length=60, label=_("Term"))
    text = blocks.RichTextBlock(features=SHORT_FEATURES, label=pgettext_lazy("block", "Text"))

    class Meta:
        icon = "list-ul"
        label = _("Fact")
        description = _("A term and what is to be said about it.")


class FactsBlock(blocks.StructBlock):
    """A list of terms with their descriptions."""

    facts = blocks.ListBlock(FactBlock(), min_num=1, label=_("Facts"))

    class Meta:
        icon = "table"
        label = _("List of facts")
        description = _("Terms on the left, what is to be said about each on the right.")
        template = "cpor_pages/blocks/facts.html"
        preview_value = {"facts": [{"term": "股別", "text": "<p>承辦法官的代號。</p>"}]}


class FigureBlock(blocks.StructBlock):
    """A picture with alternative text and a caption."""

    image = ImageBlock(label=_("Picture"))
    caption = blocks.CharBlock(required=False, max_length=200, label=pgettext_lazy("picture", "Caption"))

    def get_preview_value(self):
        """Return a preview with the newest picture of the site, which editors know."""
        image = Image.objects.order_by("-pk").first()
        shown = {"image": image.pk, "decorative": False, "alt_text": image.title} if image else None
        return self.to_python({"image": shown, "caption": "圖一"})

    class Meta:
        icon = "image"
        label = _("Picture")
        description = _("A picture with a caption; its description for those who cannot see it is required.")
        template = "cpor_pages/blocks/figure.html"


class LinkCardBlock(blocks.StructBlock):
    """A card that links to the page where one kind of reader starts."""

    title = blocks.CharBlock(max_length=60, label=pgettext_lazy("block", "Title"))
    text = blocks.CharBlock(max_length=200, label=pgettext_lazy("block", "Text"))
    page = blocks.PageChooserBlock(label=pgettext_lazy("website", "Page"))
    link_text = blocks.CharBlock(max_length=40, label=_("Words of the link"))

    class Meta:
        icon = "link"
        label = _("Card")
        description = _("A start for one kind of reader: a sentence and one link.")
        template = "cpor_pages/blocks/card.html"
        preview_value = {
            "title": "我是當事人",
            "text": "聲請查詢您的案件。",
            "page": None,
            "link_text": "如何聲請",
        }


class MailsBlock(blocks.StaticBlock):
    """What the mails of the service are like, made from the mails themselves when the page is shown."""

    def get_context(self, value, parent_context=None):
        found = [told for _receiver, told in signals.mails_described.send(MailsBlock)]
        return super().get_context(value, parent_context) | {"mails": found[0] if found else None}

    class Meta:
        icon = "mail"
        label = _("Our emails")
        admin_text = _("Sender, subjects and text of a real email, always as they are sent now.")
        description = _("Sender, subjects and text of a real email, always as they are sent now.")
        template = "cpor_pages/blocks/mails.html"


BODY = [
    ("text", TextBlock()),
    ("notice", NoticeBlock()),
    ("steps", StepsBlock()),
    ("facts", FactsBlock()),
    ("figure", FigureBlock()),
    ("mails", MailsBlock()),
]
