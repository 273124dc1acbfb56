"""Words of mails: quoted parts folded, HTML made harmless, pictures only when asked for."""

import pytest

from chengdan.run.mail.addresses import parsed
from chengdan.run.mail.quoting import split_html, split_text
from chengdan.run.mail.reading import received
from chengdan.run.mail.sanitising import clean, has_remote_pictures, words_of


@pytest.mark.parametrize(
    "quoted",
    [
        "On Mon, 1 Dec 2025 at 10:00, Li <li@x.example> wrote:\n> hello",
        "在 2026年11月29日 20:00，李思远 <li@x.example> 写道：\n> 您好",
        "-----Original Message-----\nFrom: li@x.example",
        "------------------ 原始邮件 ------------------\n发件人: 李思远",
        "发件人: 李思远\n发送时间: 2026年11月29日\n收件人: 王敏\n主题: 报价",
        "> 您好\n> 见附件",
    ],
)
def test_what_is_quoted_begins_where_programs_introduce_it(quoted: str) -> None:
    assert split_text(f"同意。\n\n{quoted}") == ("同意。", quoted)


@pytest.mark.parametrize(
    "text", ["发件人：这个词也会出现在正文里。", "> 只有引用", "价格是 5 > 3", "on time"]
)
def test_a_mail_without_a_quote_stays_whole(text: str) -> None:
    assert split_text(text) == (text, "")


@pytest.mark.parametrize(
    "mark",
    ['<div class="gmail_quote">', '<blockquote type="cite">', '<div id="divRplyFwdMsg">', "<blockquote>"],
)
def test_html_is_cut_before_what_programs_put_around_a_quote(mark: str) -> None:
    said, quoted = split_html(f"<style>x</style><p>同意</p>\n{mark}旧")

    assert (said, quoted) == ("<style>x</style><p>同意</p>\n", f"{mark}旧")


HOSTILE = [
    "<script>alert(1)</script>",
    '<img src=x onerror="alert(1)">',
    '<a href="javascript:alert(1)">x</a>',
    '<a href="data:text/html,<script>alert(1)</script>">x</a>',
    "<iframe src=https://evil.example></iframe>",
    "<form action=https://evil.example><input name=p></form>",
    '<div style="background:url(https://evil.example/x.gif)">x</div>',
    '<div style="position:fixed;top:0">x</div>',
    "<svg><script>alert(1)</script></svg>",
    "<math><mtext><style><img src=x onerror=alert(1)></style></mtext></math>",
    "<link rel=stylesheet href=https://evil.example/x.css>",
    "<meta http-equiv=refresh content='0;url=https://evil.example'>",
    "<style>@import url(https://evil.example)</style>",
    '<img src="https://evil.example/pixel.gif">',
    '<p style="width:1px;b\\61ckground:url(https://evil.example)">x</p>',
]


@pytest.mark.parametrize("source", HOSTILE)
def test_nothing_in_a_mail_runs_reaches_out_or_leaves_its_place(source: str) -> None:
    made = clean(f"<p>好</p>{source}", {}, remote=False).lower()

    assert "好" in made
    for bad in (
        "script",
        "onerror",
        "javascript:",
        "evil.example",
        "iframe",
        "<form",
        "<input",
        "position",
        "<style",
        "<meta",
        "data:text",
    ):
        assert bad not in made, made


def test_pictures_of_the_mail_itself_are_shown_and_others_only_when_asked_for() -> None:
    source = '<img src="cid:logo@x"><img src="https://x.example/a.png">'

    shut = clean(source, {"logo@x": "data:image/png;base64,AA=="}, remote=False)
    opened = clean(source, {"logo@x": "data:image/png;base64,AA=="}, remote=True)

    assert has_remote_pictures(source)
    assert ('src="data:image/png;base64,AA=="' in shut, "x.example" in shut) == (True, False)
    assert 'src="https://x.example/a.png"' in opened


def test_links_open_elsewhere_and_tell_nothing_of_where_they_were() -> None:
    made = clean('<a href="https://x.example">x</a>', {}, remote=False)

    assert made == '<a href="https://x.example" target="_blank" rel="noopener noreferrer nofollow">x</a>'


def test_html_is_read_as_lines() -> None:
    assert (
        words_of("<p>你好，</p><ul><li>一</li><li>二</li></ul><div>再见<br>李</div>")
        == "你好，\n\n- 一\n- 二\n再见\n李"
    )


def test_addresses_are_read_with_any_separator_and_each_once() -> None:
    people = parsed("王敏 <wang@x.example>；li@x.example, WANG@x.example、")

    assert [(one.address, one.name) for one in people] == [("wang@x.example", "王敏"), ("li@x.example", "")]


def test_headers_beyond_reading_do_no_harm() -> None:
    raw = b"From: =?x-unknown?B?////?= <a@b.example>\r\nDate: yesterday\r\nReferences: <<<>>\r\nContent-Type: text/plain; charset=x-none\r\n\r\n\xff\xfehi"

    message = received(raw)

    assert (message.sender.address, message.at, message.references) == ("a@b.example", None, [])
