"""Mail: threads, drafts and sending them, letters, what a mail shows, and mails of strangers."""

from typing import Any
from uuid import UUID

from starlette.responses import Response

from chengdan.base.errors import Locale
from chengdan.run.mail import desk, drafting, letters, threads
from chengdan.run.mail.drafting import Beginning
from chengdan.run.mail.threads import BOXES, MAX_THREADS, Sought
from chengdan.web.call import Call, bad_request
from chengdan.web.endpoint import Endpoint, json_response
from chengdan.web.records import cause

TAG = "mail"
PATH = "/api/mail"
MAX_Q = 100
MAX_KEY = 100
MAX_LOOKED_INTO = 30
BODY_POLICY = (
    "default-src 'none'; img-src {pictures}data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'self'; sandbox allow-same-origin allow-popups allow-popups-to-escape-sandbox"
)
"""A mail's own HTML is a page in which nothing runs, that reaches nothing (pictures only when asked for) and sends nothing."""

BODY_LOOK = """
:root { color-scheme: light dark }
body { margin: 0; font: 14px/1.7 -apple-system, "PingFang SC", "Microsoft YaHei", sans-serif; overflow-wrap: anywhere;
  color: #1f2328; background: #fff }
img { max-width: 100%; height: auto } table { max-width: 100% } p { margin: 0 0 .7em } pre { white-space: pre-wrap }
blockquote { margin: .5em 0; padding-left: 12px; border-left: 3px solid #d0d7de; color: #59636e }
"""


def list_threads(call: Call) -> Response:
    q = call.query("q")
    if len(q) > MAX_Q:
        raise bad_request("q", "搜索过长", "the search is too long")
    sought = Sought(
        box=call.query("box", "all"),
        mine=call.query("whose", "mine") != "all",
        q=q,
        before=call.query("cursor"),
        limit=call.query_integer("limit", MAX_THREADS),
    )
    with call.runtime.reader(call.visitor.principal) as reader:
        return json_response(threads.threads(reader, sought))


def count_threads(call: Call) -> Response:
    with call.runtime.reader(call.visitor.principal) as reader:
        return json_response(threads.counted(reader, call.query("whose", "mine") != "all"))


def get_thread(call: Call) -> Response:
    with call.runtime.reader(call.visitor.principal) as reader:
        found = threads.thread(reader, call.path("thread")[:MAX_KEY])
        for one in found["items"][-MAX_LOOKED_INTO:]:
            one.update(desk.about_body(call.runtime, reader, one))
    return json_response(found)


def mark_thread(call: Call) -> Response:
    unread = call.take("unread", bool, False)
    call.close()
    with call.runtime.unit(call.visitor.principal, cause(call)) as unit:
        changed = drafting.mark(unit, call.path("thread")[:MAX_KEY], unread=unread)
    return json_response({"changed": changed})


def list_letters(call: Call) -> Response:
    """The letters that can be written from records of an object."""
    with call.runtime.reader(call.visitor.principal) as reader:
        found = letters.letters_for(reader, call.query("object"))
    return json_response(
        {"items": [{"name": one.name, "label": one.label, "kind": one.kind} for one in found]}
    )


def begin_draft(call: Call) -> Response:
    """A new draft: from a record, with a letter or without, or in answer to another mail."""
    locale: Locale = "en" if call.take("locale", str, call.locale) == "en" else "zh-CN"
    beginning = Beginning(
        object=call.take("object", str, ""),
        record=_id(call, "record"),
        letter=call.take("letter", str, ""),
        locale=locale,
        answers=_id(call, "answers"),
        all=call.take("all", bool, False),
    )
    call.close()
    with call.runtime.unit(call.visitor.principal, cause(call)) as unit:
        made = drafting.begin(unit, beginning)
    return _shown(call, made["id"], 201)


def fill_letter(call: Call) -> Response:
    """Subject and body of a letter from a record, for a draft that is there already."""
    with call.runtime.reader(call.visitor.principal) as reader:
        locale: Locale = "en" if call.query("locale") == "en" else "zh-CN"
        record = call.query_id("record")
        if record is None:
            raise bad_request("record", "缺少 record", "record is missing")
        return json_response(
            desk.filled_letter(reader, call.path("letter"), call.query("object"), record, locale)
        )


def get_mail(call: Call) -> Response:
    return _shown(call, call.path_id())


def send_mail(call: Call) -> Response:
    version = call.take_version()
    account = _id(call, "account")
    call.close()
    with call.runtime.unit(call.visitor.principal, cause(call)) as unit:
        drafting.send(unit, call.path_id(), version, account)
    return _shown(call, call.path_id())


def decide_mail(call: Call) -> Response:
    """Settle a mail that failed or of which nobody knows whether it was sent."""
    again = call.take("again", bool)
    call.close()
    with call.runtime.unit(call.visitor.principal, cause(call)) as unit:
        drafting.decide(unit, call.path_id(), again=again)
    return _shown(call, call.path_id())


def mail_body(call: Call) -> Response:
    """What a mail says as a page of its own, harmless; with `pictures` also those from elsewhere."""
    remote = call.query_flag("pictures")
    with call.runtime.reader(call.visitor.principal) as reader:
        html = desk.body_of(
            call.runtime, reader, call.path_id(), remote=remote, quoted=call.query_flag("quoted")
        )
    headers = {
        "content-security-policy": BODY_POLICY.format(pictures="https: http: " if remote else ""),
        "x-frame-options": "SAMEORIGIN",
        "referrer-policy": "no-referrer",
        "cache-control": "private, no-store",
    }
    page = f"<!doctype html><html><head><meta charset='utf-8'><style>{BODY_LOOK}</style></head><body>{html}</body></html>"
    return Response(page, 200, headers, media_type="text/html")


def list_strangers(call: Call) -> Response:
    with call.runtime.reader(call.visitor.principal) as reader:
        return json_response({"items": desk.strangers_of(reader)})


def link_stranger(call: Call) -> Response:
    """Say who a stranger is: the mail comes in, and the record gets the address if it has none."""
    object, record = call.take("object", str), call.take_id("record")
    call.close()
    made = desk.link_stranger(
        call.runtime, call.visitor.principal, call.path_id(), object, record, cause(call)
    )
    return _shown(call, made) if made is not None else Response(status_code=204)


def dismiss_stranger(call: Call) -> Response:
    with call.runtime.unit(call.visitor.principal, cause(call)) as unit:
        desk.dismiss_stranger(unit, call.path_id())
    return Response(status_code=204)


def _shown(call: Call, id: UUID, status: int = 200) -> Response:
    with call.runtime.reader(call.visitor.principal) as reader:
        return json_response(threads.one(reader, id), status)


def _id(call: Call, name: str) -> UUID | None:
    """An id that may be left out, or null."""
    if call.body().get(name) is None:
        call.body().pop(name, None)
        return None
    return call.take_id(name)


_UUID = {"type": "string", "format": "uuid"}
_WHOSE = ("whose",)


def _body(required: tuple[str, ...] = (), **properties: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "required": list(required),
        "additionalProperties": False,
        "properties": properties,
    }


_TEXT, _FLAG = {"type": "string"}, {"type": "boolean"}
_DRAFT = _body(object=_TEXT, record=_UUID, letter=_TEXT, locale=_TEXT, answers=_UUID, all=_FLAG)
ENDPOINTS = (
    Endpoint("GET", PATH + "/threads", list_threads, f"Threads of a box: {', '.join(BOXES)}", TAG, query=("box", "whose", "q", "cursor", "limit")),
    Endpoint("GET", PATH + "/counts", count_threads, "How many threads wait for somebody", TAG, query=_WHOSE),
    Endpoint("GET", PATH + "/threads/{thread}", get_thread, "The mails of a thread", TAG),
    Endpoint("POST", PATH + "/threads/{thread}/read", mark_thread, "Mark a thread as read or unread", TAG, body=_body(unread=_FLAG)),
    Endpoint("GET", PATH + "/letters", list_letters, "The letters to write from an object's records", TAG, query=("object",)),
    Endpoint("GET", PATH + "/letters/{letter}", fill_letter, "A letter filled in from a record", TAG, query=("object", "record", "locale")),
    Endpoint("POST", PATH + "/drafts", begin_draft, "Begin a mail", TAG, status=201, body=_DRAFT),
    Endpoint("GET", PATH + "/mails/{id}", get_mail, "One mail", TAG),
    Endpoint("POST", PATH + "/mails/{id}/send", send_mail, "Send a draft", TAG, body=_body(("version",), version={"type": "integer"}, account=_UUID)),
    Endpoint("POST", PATH + "/mails/{id}/decide", decide_mail, "Settle a mail that was not surely sent", TAG, body=_body(("again",), again=_FLAG)),
    Endpoint("GET", PATH + "/mails/{id}/body", mail_body, "What a mail says, as a harmless page", TAG, query=("pictures", "quoted"), media_type="text/html"),
    Endpoint("GET", PATH + "/strangers", list_strangers, "Mails of unknown senders in one's own mailboxes", TAG),
    Endpoint("POST", PATH + "/strangers/{id}/link", link_stranger, "Say who an unknown sender is", TAG, body=_body(("object", "record"), object=_TEXT, record=_UUID)),
    Endpoint("DELETE", PATH + "/strangers/{id}", dismiss_stranger, "Leave an unknown sender's mail out", TAG, status=204),
)  # fmt: skip
