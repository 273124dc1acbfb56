"""Sanitising: of the HTML that strangers send, only words, tables and harmless looks remain (an allow-list)."""

import re
from collections.abc import Mapping
from html.parser import HTMLParser

import nh3

MAX_HTML = 2_000_000
_TAGS = frozenset(
    [
        "a",
        "abbr",
        "b",
        "blockquote",
        "br",
        "center",
        "code",
        "col",
        "colgroup",
        "dd",
        "del",
        "div",
        "dl",
        "dt",
        "em",
        "font",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "hr",
        "i",
        "img",
        "ins",
        "li",
        "ol",
        "p",
        "pre",
        "q",
        "s",
        "small",
        "span",
        "strike",
        "strong",
        "sub",
        "sup",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "u",
        "ul",
    ]
)
_ATTRIBUTES = {
    "*": {"align", "dir", "lang", "style", "title", "valign", "bgcolor", "color"},
    "a": {"href"},
    "img": {"alt", "height", "src", "width"},
    "td": {"colspan", "rowspan", "width", "height"},
    "th": {"colspan", "rowspan", "width", "height"},
    "table": {"border", "cellpadding", "cellspacing", "width"},
    "col": {"span", "width"},
    "ol": {"start"},
    "font": {"face", "size"},
}
_STYLES = frozenset(
    [
        "background-color",
        "border",
        "border-bottom",
        "border-collapse",
        "border-color",
        "border-left",
        "border-radius",
        "border-",
        "right",
        "border-spacing",
        "border-style",
        "border-top",
        "border-width",
        "color",
        "display",
        "font",
        "font-family",
        "font-size",
        "font-style",
        "font-weight",
        "height",
        "letter-spacing",
        "line-height",
        "list-style-type",
        "margin",
        "margin-bottom",
        "margin-left",
        "margin-right",
        "margin-top",
        "max-width",
        "padding",
        "padding-bottom",
        "padding-left",
        "padding-right",
        "padding-top",
        "text-align",
        "text-decoration",
        "text-indent",
        "vertical-align",
        "white-space",
        "width",
        "word-break",
    ]
)
_REMOTE = re.compile(r"https?://", re.IGNORECASE)
_LINK = re.compile(r"(?:https?|mailto|tel):", re.IGNORECASE)
_INLINE = re.compile(r"data:image/(?:png|jpeg|gif|webp);base64,", re.IGNORECASE)


def clean(source: str, pictures: Mapping[str, str], *, remote: bool) -> str:
    """Harmless HTML. Pictures that came with the mail (`pictures`: Content-ID → data URI) are shown, others only if `remote`."""

    def attribute(tag: str, name: str, value: str) -> str | None:
        if name == "style" and ("url(" in value.lower() or "\\" in value):
            return None
        if tag == "a" and name == "href":
            return value if _LINK.match(value) else None
        if tag != "img" or name != "src":
            return value
        if value.lower().startswith("cid:"):
            return pictures.get(value[4:].strip("<>"))
        if _INLINE.match(value) or (remote and _REMOTE.match(value)):
            return value
        return None

    return nh3.clean(
        source[:MAX_HTML],
        tags=set(_TAGS),
        clean_content_tags={
            "script",
            "style",
            "title",
            "noscript",
            "template",
            "iframe",
            "object",
            "svg",
            "math",
        },
        attributes=_ATTRIBUTES,
        attribute_filter=attribute,
        strip_comments=True,
        link_rel="noopener noreferrer nofollow",
        url_schemes={"http", "https", "mailto", "tel", "cid", "data"},
        filter_style_properties=set(_STYLES),
        set_tag_attribute_values={"a": {"target": "_blank"}},
    )


def has_remote_pictures(source: str) -> bool:
    """Whether the mail would fetch pictures from elsewhere."""
    return re.search(r"<img[^>]{0,2000}src\s*=\s*[\"']?https?://", source, re.IGNORECASE) is not None


class _Words(HTMLParser):
    """Text of HTML, blocks on lines of their own."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        if tag in ("style", "script", "title"):
            self._silent += 1
        elif tag in ("br", "p", "div", "tr", "li", "h1", "h2", "h3", "h4", "blockquote", "table", "hr"):
            self.parts.append("\n- " if tag == "li" else "\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("style", "script", "title"):
            self._silent = max(0, self._silent - 1)
        elif tag in ("p", "div", "h1", "h2", "h3", "h4", "table"):
            self.parts.append("\n")
        elif tag in ("td", "th"):
            self.parts.append(" ")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.parts.append(re.sub(r"\s+", " ", data))


def words_of(source: str) -> str:
    """The plain text of HTML, as it is read."""
    reader = _Words()
    reader.feed(source[:MAX_HTML])
    reader.close()
    text = re.sub(r"[ \t\xa0]*\n[ \t\xa0]*", "\n", "".join(reader.parts))
    return re.sub(r"\n{3,}", "\n\n", text).strip()
