"""Records over HTTP: create, list, change, archive, figures, bulk and merge."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import pytest

from tests.web.site import Json, Site, Visitor

OPPORTUNITIES = "/api/records/opportunity"
ACCOUNTS = "/api/records/account"


def make(visitor: Visitor, **values: Any) -> Json:
    made: Json = visitor.json("POST", OPPORTUNITIES, {"name": "商机", **values}, 201)
    return made


def test_a_creation_answers_with_the_record_and_its_address(rep: Visitor) -> None:
    answer = rep.post(OPPORTUNITIES, json={"name": "新商机", "amount": 12.5})

    record = answer.json()
    assert answer.status_code == 201
    assert answer.headers["location"] == f"{OPPORTUNITIES}/{record['id']}"
    assert (record["version"], record["stage"], record["owner"]) == (1, "prospecting", rep.me["id"])
    assert record["number"].startswith("OPP-")


def test_what_a_writer_is_answered_is_what_a_reader_reads(rep: Visitor) -> None:
    made = make(rep, amount=1_000, close_on="2030-01-31", discount=12.5)
    assert rep.json("GET", f"{OPPORTUNITIES}/{made['id']}") == made

    changed = rep.json("PATCH", f"{OPPORTUNITIES}/{made['id']}", {"version": 1, "amount": 2_000.5})
    assert (changed["version"], changed["amount"]) == (2, 2000.5)
    assert rep.json("GET", f"{OPPORTUNITIES}/{made['id']}") == changed


def test_a_record_says_what_its_reader_may_do_where_they_ask(admin: Visitor, rep: Visitor) -> None:
    path = f"{OPPORTUNITIES}/{make(admin)['id']}"
    assert admin.json("GET", f"{path}?able=true")["_can"] == {"update": True, "archive": True}
    assert "_can" not in admin.json("GET", path)
    for act, may in (("read", False), ("update", True)):
        admin.json("POST", f"{path}/shares", {"user": rep.me["id"], "act": act})
        shown = rep.json("GET", path)
        assert rep.json("GET", f"{path}?able=true") == {**shown, "_can": {"update": may, "archive": False}}


def test_a_stale_change_is_answered_with_the_record_as_it_is(rep: Visitor) -> None:
    made = make(rep)
    now = rep.json("PATCH", f"{OPPORTUNITIES}/{made['id']}", {"version": 1, "next_step": "拜访"})
    problem = rep.json("PATCH", f"{OPPORTUNITIES}/{made['id']}", {"version": 1, "next_step": "电话"}, 409)

    assert problem["code"] == "STALE-001"
    named = {name: ref["id"] if isinstance(ref, dict) else ref for name, ref in problem["current"].items()}
    assert named == now
    assert problem["current"]["owner"] == {"id": rep.me["id"], "label": rep.me["name"]}
    assert [(one["by"]["id"], one["fields"]) for one in problem["changes"]] == [(rep.me["id"], ["next_step"])]
    assert rep.json("GET", f"{OPPORTUNITIES}/{made['id']}") == now


def test_archiving_and_restoring(manager: Visitor) -> None:
    made = make(manager, name="归档")
    path = f"{OPPORTUNITIES}/{made['id']}"
    listed = {"filter": f'number == "{made["number"]}"'}

    assert manager.json("DELETE", path)["archived_at"] is not None
    assert manager.json("GET", OPPORTUNITIES, params=listed)["items"] == []
    assert len(manager.json("GET", OPPORTUNITIES, params={**listed, "archived": "true"})["items"]) == 1
    assert manager.json("PATCH", path, {"version": 2, "next_step": "x"}, 409)["code"] == "RECORD-003"
    assert manager.json("POST", f"{path}/restore", {})["archived_at"] is None
    assert len(manager.json("GET", OPPORTUNITIES, params=listed)["items"]) == 1


def test_pages_hold_every_record_once_in_order(admin: Visitor) -> None:
    seen: list[Json] = []
    cursor = ""
    while cursor is not None:
        query = {"limit": 37, "cursor": cursor, "sort": "-amount", "fields": "amount"}
        page = admin.json("GET", OPPORTUNITIES, params=query)
        seen.extend(page["items"])
        cursor = page["next_cursor"]
    total = admin.json("POST", f"{OPPORTUNITIES}/aggregate", {})["rows"][0]["count"]
    amounts = [record["amount"] for record in seen if record["amount"] is not None]

    assert len({record["id"] for record in seen}) == len(seen) == total
    assert amounts == sorted(amounts, reverse=True)
    assert all(record.keys() == {"id", "version", "amount", "amount_currency"} for record in seen)


def test_references_are_shown_with_their_labels_when_asked(rep: Visitor) -> None:
    record = rep.first("opportunity", expand="owner,account", filter="account != null and owner == me")

    assert record["owner"] == {"id": rep.me["id"], "label": rep.me["name"]}
    account = rep.json("GET", f"{ACCOUNTS}/{record['account']['id']}")
    assert record["account"]["label"] == account["name"]


def test_a_view_filters_and_sorts(rep: Visitor) -> None:
    items = rep.json("GET", OPPORTUNITIES, params={"view": "opportunity_mine", "limit": 200})["items"]

    assert items
    assert {record["owner"] for record in items} == {rep.me["id"]}


def test_figures_per_group(admin: Visitor) -> None:
    body = {"group_by": ["stage"], "measures": [{"fn": "count"}, {"fn": "sum", "field": "amount"}]}
    rows = admin.json("POST", f"{OPPORTUNITIES}/aggregate", body)["rows"]
    total = admin.json("POST", f"{OPPORTUNITIES}/aggregate", {})["rows"]

    assert all(row.keys() == {"stage", "count", "sum_amount", "sum_amount_by_currency"} for row in rows)
    assert sum(row["count"] for row in rows) == total[0]["count"]
    counts = [row["count"] for row in rows]
    assert counts == sorted(counts, reverse=True)
    assert admin.json("POST", f"{OPPORTUNITIES}/aggregate", {**body, "limit": 2})["rows"] == rows[:2]


def test_figures_follow_the_search(admin: Visitor) -> None:
    made = admin.json("POST", OPPORTUNITIES, {"name": "唯独这一个商机", "amount": 7}, 201)
    measures = [{"fn": "count"}, {"fn": "sum", "field": "amount"}]
    body = {"group_by": ["stage"], "measures": measures, "q": "唯独这一个"}
    rows = admin.json("POST", f"{OPPORTUNITIES}/aggregate", body)["rows"]

    assert rows == [
        {"stage": made["stage"], "count": 1, "sum_amount": 7, "sum_amount_by_currency": {"CNY": 7}}
    ]


# --- the same request twice


def test_a_creation_that_is_sent_twice_happens_once(rep: Visitor) -> None:
    headers = {"Idempotency-Key": "once"}
    first = rep.post(OPPORTUNITIES, json={"name": "一次"}, headers=headers)
    second = rep.post(OPPORTUNITIES, json={"name": "一次"}, headers=headers)

    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()
    assert first.headers["location"] == second.headers["location"]
    assert "idempotent-replayed" not in first.headers
    assert second.headers["idempotent-replayed"] == "true"


def test_two_at_once_happen_once(site: Site, rep: Visitor) -> None:
    others = [site.log_in("rep") for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        answers = list(
            pool.map(
                lambda visitor: visitor.post(
                    OPPORTUNITIES, json={"name": "并发"}, headers={"Idempotency-Key": "at once"}
                ),
                others,
            )
        )

    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["id"] for answer in answers}) == 1


def test_a_key_is_for_one_request_and_one_person(site: Site, rep: Visitor, manager: Visitor) -> None:
    headers = {"Idempotency-Key": "mine"}
    made = rep.json("POST", OPPORTUNITIES, {"name": "甲"}, 201, headers=headers)

    assert rep.json("POST", OPPORTUNITIES, {"name": "乙"}, 409, headers=headers)["code"] == "HTTP-409"
    assert manager.json("POST", OPPORTUNITIES, {"name": "甲"}, 201, headers=headers)["id"] != made["id"]


def test_a_refused_creation_leaves_its_key_free(rep: Visitor) -> None:
    headers = {"Idempotency-Key": "retry"}

    assert rep.json("POST", OPPORTUNITIES, {"name": ""}, 422, headers=headers)["code"] == "VALUE-002"
    assert rep.post(OPPORTUNITIES, json={"name": "可以"}, headers=headers).status_code == 201


def test_a_change_that_is_sent_twice_happens_once(rep: Visitor) -> None:
    made = make(rep, name="改一次")
    headers = {"Idempotency-Key": "change"}
    address, body = f"{OPPORTUNITIES}/{made['id']}", {"next_step": "回电", "version": made["version"]}
    first = rep.patch(address, json=body, headers=headers)
    second = rep.patch(address, json=body, headers=headers)

    assert (first.status_code, second.status_code) == (200, 200)
    assert first.json() == second.json()
    assert second.headers["idempotent-replayed"] == "true"
    assert rep.json("GET", address)["version"] == made["version"] + 1
    assert rep.json("PATCH", address, body, 409)["code"] == "STALE-001"


def test_a_key_belongs_to_one_address(manager: Visitor) -> None:
    headers = {"Idempotency-Key": "address"}
    one, other = make(manager, name="地址甲"), make(manager, name="地址乙")
    manager.json("DELETE", f"{OPPORTUNITIES}/{one['id']}", headers=headers)

    assert (
        manager.json("DELETE", f"{OPPORTUNITIES}/{other['id']}", None, 409, headers=headers)["code"]
        == "HTTP-409"
    )
    assert manager.json("GET", f"{OPPORTUNITIES}/{other['id']}")["archived_at"] is None


def test_a_change_that_a_gate_refuses_under_a_key_is_noted_and_leaves_the_key_free(rep: Visitor) -> None:
    made = make(rep, name="被拒")
    headers = {"Idempotency-Key": "gate"}
    address = f"{OPPORTUNITIES}/{made['id']}"
    blocked = rep.json(
        "POST", f"{address}/move", {"to": "demo", "version": made["version"]}, 409, headers=headers
    )

    assert blocked["code"].startswith("GATE-")
    kinds = [item["kind"] for item in rep.json("GET", f"{address}/timeline")["items"]]
    assert "gate.blocked" in kinds
    assert (
        rep.patch(
            address, json={"next_step": "可以", "version": made["version"]}, headers=headers
        ).status_code
        == 200
    )


# --- many at once


def test_bulk_changes_what_it_can_and_says_what_it_cannot(manager: Visitor) -> None:
    good = make(manager, name="批量甲")
    gone = make(manager, name="批量乙")
    manager.json("DELETE", f"{OPPORTUNITIES}/{gone['id']}")
    body = {"ids": [good["id"], gone["id"]], "changes": {"next_step": "批量"}}
    report = manager.json("POST", f"{OPPORTUNITIES}/bulk", body)

    assert report["done"] == 1
    assert [(one["id"], one["errors"][0]["code"]) for one in report["refused"]] == [
        (gone["id"], "RECORD-003")
    ]
    assert manager.json("GET", f"{OPPORTUNITIES}/{good['id']}")["next_step"] == "批量"


def test_bulk_gives_each_record_its_own_changes(manager: Visitor) -> None:
    one, other = make(manager, name="其一", next_step="甲"), make(manager, name="其二")
    items = [{"id": one["id"], "changes": {"next_step": None}}, {"id": other["id"], "changes": {"amount": 5}}]
    assert manager.json("POST", f"{OPPORTUNITIES}/bulk", {"items": items}) == {"done": 2, "refused": []}

    now = [manager.json("GET", f"{OPPORTUNITIES}/{made['id']}") for made in (one, other)]
    assert [(row["next_step"], row["amount"]) for row in now] == [(None, None), (None, 5)]
    for body in (
        {"items": items, "archive": True},
        {"items": [{"id": one["id"]}]},
        {"items": items, "ids": []},
    ):
        assert manager.json("POST", f"{OPPORTUNITIES}/bulk", body, 422)["code"] == "HTTP-422"


def test_bulk_archives_and_restores(manager: Visitor) -> None:
    ids = [make(manager, name="存取")["id"] for _ in range(2)]
    for work in ("archive", "restore"):
        report = manager.json("POST", f"{OPPORTUNITIES}/bulk", {"ids": ids, work: True})
        assert report == {"done": 2, "refused": []}
    assert manager.json("GET", f"{OPPORTUNITIES}/{ids[0]}")["archived_at"] is None


def test_figures_follow_the_search_and_the_archive(manager: Visitor) -> None:
    kept, gone = make(manager, name="合计甲乙丙", amount=300), make(manager, name="合计甲乙丙", amount=500)
    manager.json("DELETE", f"{OPPORTUNITIES}/{gone['id']}")
    sums = {"measures": [{"fn": "count"}, {"fn": "sum", "field": "amount"}], "q": "合计甲乙丙"}

    def figures(**more: Any) -> list[Json]:
        found: list[Json] = manager.json("POST", f"{OPPORTUNITIES}/aggregate", {**sums, **more})["rows"]
        return found

    assert kept["amount"] == 300
    assert figures() == [{"count": 1, "sum_amount": 300, "sum_amount_by_currency": {"CNY": 300}}]
    assert figures(archived=True) == [{"count": 1, "sum_amount": 500, "sum_amount_by_currency": {"CNY": 500}}]


def test_a_bulk_move_passes_each_gate(manager: Visitor) -> None:
    made = make(manager, name="批量推进")
    body = {"ids": [made["id"]], "move": {"to": "won"}}
    report = manager.json("POST", f"{OPPORTUNITIES}/bulk", body)

    assert report["done"] == 0
    assert {error["deliverable"] for error in report["refused"][0]["errors"]} >= {"account", "pain_form"}
    assert manager.json("GET", f"{OPPORTUNITIES}/{made['id']}") == made


def test_bulk_by_filter_takes_what_the_filter_finds(manager: Visitor) -> None:
    made = [make(manager, name=f"筛选归档{number}") for number in range(3)]
    body = {"filter": 'name in ["筛选归档0", "筛选归档1"]', "archive": True}

    assert manager.json("POST", f"{OPPORTUNITIES}/bulk", body) == {"done": 2, "refused": []}
    left = [manager.json("GET", f"{OPPORTUNITIES}/{one['id']}")["archived_at"] is None for one in made]
    assert left == [False, False, True]


def test_more_than_a_thousand_at_once_are_too_many(manager: Visitor) -> None:
    ids = ["00000000-0000-7000-8000-000000000000"] * 1_001

    assert (
        manager.json("POST", f"{OPPORTUNITIES}/bulk", {"ids": ids, "archive": True}, 422)["code"]
        == "HTTP-422"
    )


def test_merging_keeps_the_children_and_archives_the_source(manager: Visitor) -> None:
    keep = manager.json("POST", ACCOUNTS, {"name": "合并保留有限公司"}, 201)
    drop = manager.json("POST", ACCOUNTS, {"name": "合并去掉有限公司"}, 201)
    child = make(manager, name="子商机", account=drop["id"])
    body = {"into": keep["id"], "from": drop["id"], "fields": {"website": "https://example.com"}}
    merged = manager.json("POST", f"{ACCOUNTS}/merge", body)

    assert (merged["id"], merged["website"]) == (keep["id"], "https://example.com")
    assert manager.json("GET", f"{ACCOUNTS}/{keep['id']}") == merged
    assert manager.json("GET", f"{OPPORTUNITIES}/{child['id']}")["account"] == keep["id"]
    assert manager.json("GET", f"{ACCOUNTS}/{drop['id']}")["archived_at"] is not None


def test_people_are_found_with_their_teams(rep: Visitor) -> None:
    found = rep.json("GET", "/api/users", params={"q": rep.me["username"]})

    mine = next(one for one in found if one["id"] == rep.me["id"])
    assert (mine["label"], bool(mine["team"])) == (rep.me["name"], True)


@pytest.mark.parametrize("q", ["%", "_", "\\", "'", '"', "%%%", "a'; DROP TABLE x"])
def test_a_search_takes_its_words_as_they_are(rep: Visitor, q: str) -> None:
    assert rep.get("/api/search", params={"q": q}).status_code == 200
    assert rep.json("GET", OPPORTUNITIES, params={"q": q})["items"] == []


@pytest.mark.parametrize("q", ["苏州ßäÖ测试", "苏州", "ßÄö", "ßäö测", "abc-7", "ABC-7", "C-7 ", "-7"])
def test_a_search_regards_no_case(manager: Visitor, q: str) -> None:
    made = manager.json("POST", ACCOUNTS, {"name": f"苏州ßäÖ测试aBc-7 {uuid4().hex}"}, 201)
    for path in (ACCOUNTS, f"{ACCOUNTS}/options"):
        assert made["id"] in {one["id"] for one in manager.json("GET", path, params={"q": q})["items"]}


def test_long_answers_are_zipped_for_those_who_take_it(rep: Visitor) -> None:
    plain = rep.get("/api/catalog", headers={"Accept-Encoding": "identity"})
    zipped = rep.get("/api/catalog", headers={"Accept-Encoding": "gzip"})

    assert "content-encoding" not in plain.headers
    assert zipped.headers["content-encoding"] == "gzip"
    assert plain.json() == zipped.json()
    assert int(zipped.headers["content-length"]) < len(plain.content) / 4


def test_the_catalog_is_not_sent_again_until_it_changes(rep: Visitor, manager: Visitor) -> None:
    tag = rep.get("/api/catalog").headers["etag"]

    assert rep.get("/api/catalog", headers={"If-None-Match": tag}).status_code == 304
    assert manager.get("/api/catalog", headers={"If-None-Match": tag}).status_code == 200


def test_a_list_is_taken_away_as_a_file_by_who_may(rep: Visitor, manager: Visitor) -> None:
    query = {"format": "csv", "fields": "name,amount", "filter": "owner == me"}
    answer = manager.get(f"{OPPORTUNITIES}/export", params=query)
    lines = answer.content.decode("utf-8-sig").splitlines()
    count = manager.json("POST", f"{OPPORTUNITIES}/aggregate", {"filter": "owner == me"})["rows"][0]["count"]

    assert answer.headers["content-type"].startswith("text/csv")
    assert answer.headers["content-disposition"].startswith("attachment; filename*=UTF-8''%E5%95%86%E6%9C%BA")
    assert (lines[0], len(lines)) == ("商机名称,金额,金额（币种）", count + 1)
    assert rep.json("GET", f"{OPPORTUNITIES}/export", status=403)["code"] == "ACCESS-002"


def test_a_workbook_is_one(manager: Visitor) -> None:
    answer = manager.get(f"{OPPORTUNITIES}/export", params={"format": "xlsx", "view": "opportunity_mine"})

    assert answer.content.startswith(b"PK\x03\x04")
    assert manager.json("GET", f"{OPPORTUNITIES}/export?format=pdf", status=422)["code"] == "HTTP-422"
