"""A form as tagged PDF: WeasyPrint lays out its HTML."""

import hashlib
from html import escape

from cpor_core.court_forms.blocks import Form
from cpor_core.court_forms.parts import SERVICE
from cpor_core.court_forms.styles import TEXT_STYLES, TextStyle

from . import form_css, html_writer
from .fonts import FILLED, own_name


def write(form: Form, font_faces: str) -> tuple[bytes, int]:
    """The PDF and its number of pages."""
    # Only here: comparing and reading forms must work on a machine without WeasyPrint's libraries.
    from weasyprint import CSS, HTML
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import URLFetcher

    page, fonts = html(form), FontConfiguration()
    faces = CSS(string=font_faces, font_config=fonts)
    # Nothing is fetched, from nowhere: the pictures are in the page.
    source = HTML(string=page, url_fetcher=URLFetcher(allowed_protocols=["data"]))
    document = source.render(font_config=fonts, stylesheets=[faces])
    pdf = document.write_pdf(pdf_variant="pdf/ua-1", pdf_identifier=fingerprint(page))
    return pdf, len(document.pages)


def fingerprint(page: str) -> bytes:
    """The PDF's own identifier, so that a PDF can be compared with its source without building it."""
    return hashlib.sha256(page.encode()).hexdigest().encode()


def html(form: Form) -> str:
    body = html_writer.body(form)
    day = f"{form.version_date}T00:00:00+08:00"
    return (
        f'<!DOCTYPE html><html lang="zh-Hant"><head><meta charset="utf-8"><title>{escape(form.title_zh)}</title>'
        f'<meta name="author" content="{SERVICE}"><meta name="description" content="{escape(form.what_for_zh)}">'
        f'<meta name="dcterms.created" content="{day}"><meta name="dcterms.modified" content="{day}">'
        f"<style>{_css(form, body)}</style></head><body>{body}</body></html>"
    )


def _css(form: Form, body: str) -> str:
    footer = form_css.text(TEXT_STYLES["footer"], _families(TEXT_STYLES["footer"]))
    page = (
        f"@page{{size:A4;margin:{form_css.PAGE_MARGINS};"
        f"@bottom-left{{content:'{footer_text(form)}';{footer}}}"
        f"@bottom-right{{content:'第 ' counter(page) ' 頁，共 ' counter(pages) ' 頁';{footer}}}}}"
        f"body{{font-size:{form_css.BODY_PT}pt;color:#000}}"
    )
    return page + form_css.for_paper(body, _families, f"'{FILLED}','Noto Sans CJK TC',sans-serif")


def _families(style: TextStyle) -> str:
    # What is printed on one petition only, such as its court's address, has its characters in the font of the facts.
    return f"'{own_name(style.fonts[0])}','{FILLED}'"


def footer_text(form: Form) -> str:
    year, month, day = (int(part) for part in form.version_date.split("-"))
    return f"{form.title_zh}　民國 {year - 1911} 年 {month} 月 {day} 日版"
