"""Reads the starter texts: a head of `key: value` lines, a line of dashes, then HTML with tags of our own for blocks.

<notice kind title>, <steps><step title>, <facts><fact term>, <picture src alt caption>, <mails> and <card title text page link>
become blocks; everything between them becomes text. href="page:<path>" is a link to the page at that path in the same language.
"""

from collections.abc import Callable
from pathlib import Path

from bs4 import BeautifulSoup
from bs4.element import Tag

CONTENT = Path(__file__).parent / "content"
LINK = "page:"


def has_texts(language: str) -> bool:
    """Whether there are starter texts in a language; a site may have more."""
    return (CONTENT / language).is_dir()


def read_text(language: str, path: str) -> tuple[dict[str, str], str]:
    """Return the head and the HTML of one starter text."""
    head, _dashes, html = (CONTENT / language / f"{path}.html").read_text(encoding="utf-8").partition("---\n")
    lines = [line.partition(": ") for line in head.splitlines()]
    return {key: value.strip() for key, _colon, value in lines}, html


class Blocks:
    """Turns starter HTML into what a StreamField stores.

    `page_at` finds the page at a path, `picture` the key of a picture by its file and its words.
    """

    def __init__(self, page_at: Callable, picture: Callable):
        self.page_at = page_at
        self.picture = picture

    def body(self, html: str) -> list[dict]:
        blocks: list[dict] = []
        for element in BeautifulSoup(html, "html.parser").contents:
            made = self._block(element) if isinstance(element, Tag) else None
            if made:
                blocks.append(made)
            elif str(element).strip():
                self._append_text(blocks, element)
        return blocks

    def steps(self, html: str) -> list[dict]:
        return [{"type": "step", "value": self._step(tag)} for tag in self._all(html, "step")]

    def cards(self, html: str) -> list[dict]:
        return [
            {
                "type": "card",
                "value": {
                    "title": tag["title"],
                    "text": tag["text"],
                    "page": getattr(self.page_at(tag["page"]), "pk", None),
                    "link_text": tag["link"],
                },
            }
            for tag in self._all(html, "card")
        ]

    def rich_text(self, html: str) -> str:
        """Return HTML with its page links as Wagtail stores them, so that they follow a page that moves."""
        soup = BeautifulSoup(html, "html.parser")
        for link in soup.find_all("a", href=lambda href: href and href.startswith(LINK)):
            page = self.page_at(str(link["href"]).removeprefix(LINK))
            if page:
                link.attrs = {"linktype": "page", "id": str(page.pk)}
            else:
                link.unwrap()  # an editor has deleted it: its words stay
        return str(soup).strip()

    def _append_text(self, blocks: list[dict], element) -> None:
        if not blocks or blocks[-1]["type"] != "text":
            blocks.append({"type": "text", "value": ""})
        blocks[-1]["value"] += self.rich_text(str(element))

    def _block(self, tag: Tag) -> dict | None:
        if tag.name == "notice":
            value = {"kind": tag["kind"], "title": tag.get("title", ""), "text": self._inside(tag)}
            return {"type": "notice", "value": value}
        if tag.name == "steps":
            return {"type": "steps", "value": {"steps": [self._step(each) for each in tag.find_all("step")]}}
        if tag.name == "facts":
            facts = [{"term": each["term"], "text": self._inside(each)} for each in tag.find_all("fact")]
            return {"type": "facts", "value": {"facts": facts}}
        if tag.name == "mails":
            return {"type": "mails", "value": None}
        if tag.name == "picture":
            image = {
                "image": self.picture(tag["src"], tag["alt"]),
                "decorative": False,
                "alt_text": tag["alt"],
            }
            return {"type": "figure", "value": {"image": image, "caption": tag.get("caption", "")}}
        return None

    def _step(self, tag: Tag) -> dict:
        return {"title": tag["title"], "text": self._inside(tag)}

    def _inside(self, tag: Tag) -> str:
        return self.rich_text(tag.decode_contents())

    def _all(self, html: str, name: str) -> list[Tag]:
        return BeautifulSoup(html, "html.parser").find_all(name)
