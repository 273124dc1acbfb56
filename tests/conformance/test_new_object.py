"""A new object costs one YAML folder: made up here, it gets list, board, form, gate, rights, figures, import, without code."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest

from chengdan.base.json import dumps, loads_exact
from chengdan.kernel.access import Principal
from chengdan.kernel.field import FieldType
from chengdan.kernel.gate import GateBlocked
from chengdan.run import explain, read
from chengdan.run.commands import Archive, Create, Move, Restore, Tick, Update
from chengdan.run.errors import Forbidden, NoSuchObject, NotFound
from chengdan.run.read import ListQuery, Measure
from chengdan.run.timeline import timeline
from chengdan.web.catalog import CatalogFor
from tests.databases import Databases
from tests.lab.lab import AUDITOR, KEEPER, LIU, MING, Lab, open_lab
from tests.lab.manifests import edited, manifests
from tests.run.importer.people import bring_in, counts, csv_bytes, refused_rows

DEVICE = """\
object: device
label: {zh: 设备, en: Device}
plural: {zh: 设备, en: Devices}
title: name
icon: building
search: [name, serial]
sections:
  - {name: main, label: {zh: 主要, en: Main}}
fields:
  - {name: name, type: text, label: {zh: 名称, en: Name}, required: true, section: main}
  - {name: remarks, type: long_text, label: {zh: 备注, en: Remarks}}
  - {name: pieces, type: integer, label: {zh: 数量, en: Pieces}, minimum: 0, maximum: 1000}
  - {name: weight, type: decimal, label: {zh: 重量, en: Weight}, digits: 3}
  - {name: price, type: money, label: {zh: 价格, en: Price}, currency: EUR}
  - {name: discount, type: percent, label: {zh: 折扣, en: Discount}}
  - {name: insured, type: boolean, label: {zh: 已投保, en: Insured}, default: 'true'}
  - {name: bought_on, type: date, label: {zh: 购买日, en: Bought on}, indexed: true}
  - {name: checked_at, type: datetime, label: {zh: 检查时间, en: Checked at}}
  - {name: uptime, type: duration, label: {zh: 运行时长, en: Uptime}}
  - {name: state, type: select, label: {zh: 状态, en: State}}
  - {name: uses, type: multi_select, label: {zh: 用途, en: Uses}, options: [{value: lab, label: {zh: 实验, en: Lab}}, {value: sale, label: {zh: 展示, en: Show}}]}
  - {name: client, type: reference, object: client, label: {zh: 客户, en: Client}, inverse: {name: devices, label: {zh: 设备, en: Devices}}}
  - {name: jobs, type: references, object: job, label: {zh: 项目, en: Jobs}}
  - {name: keeper, type: user, label: {zh: 保管人, en: Keeper}}
  - {name: manual, type: file, label: {zh: 手册, en: Manual}}
  - {name: papers, type: files, label: {zh: 文件, en: Papers}}
  - {name: receipt, type: signature, label: {zh: 签收, en: Receipt}}
  - {name: picture, type: photo, label: {zh: 照片, en: Picture}}
  - {name: place, type: location, label: {zh: 位置, en: Place}}
  - {name: hotline, type: phone, label: {zh: 电话, en: Hotline}}
  - {name: mail, type: email, label: {zh: 邮箱, en: Mail}}
  - {name: site, type: url, label: {zh: 网址, en: Site}}
  - {name: serial, type: auto_number, label: {zh: 序列号, en: Serial}, pattern: "D{month:02}-{seq:05}"}
  - {name: worth, type: formula, result: money, formula: 'pieces * price', label: {zh: 总值, en: Worth}}
  - {name: repairs, type: rollup, result: integer, label: {zh: 维修次数, en: Repairs}, rollup: {of: repairs_made, function: count, where: 'name != "draft"'}}
  - {name: extra, type: json, label: {zh: 其他, en: Extra}}
  - {name: secret, type: text, label: {zh: 内部, en: Internal}}
"""
FIELD_TYPES = {
    "text", "long_text", "integer", "decimal", "money", "percent", "boolean", "date", "datetime", "duration", "select",
    "multi_select", "reference", "references", "user", "file", "files", "signature", "photo", "location", "phone", "email",
    "url", "auto_number", "formula", "rollup", "json",
}  # fmt: skip
REPAIR = """\
object: repair
label: {zh: 维修, en: Repair}
plural: {zh: 维修, en: Repairs}
title: name
fields:
  - {name: name, type: text, label: {zh: 名称, en: Name}, required: true}
  - {name: device, type: reference, object: device, label: {zh: 设备, en: Device}, inverse: {name: repairs_made, label: {zh: 维修记录, en: Repairs made}}}
"""
PIPELINE = """\
pipeline: life
label: {zh: 生命周期, en: Life}
object: device
field: state
stages:
  - name: ordered
    label: {zh: 已订, en: Ordered}
    exit:
      - {name: price, kind: field, field: price, label: {zh: 价格, en: Price}, hint: {zh: 填写, en: Fill it in}}
      - {name: unpacked, kind: checklist, label: {zh: 已开箱, en: Unpacked}, hint: {zh: 勾选, en: Tick it}}
      - {name: repaired, kind: record, of: repairs_made, label: {zh: 有检修, en: Serviced}, hint: {zh: 添加, en: Add one}}
  - {name: running, label: {zh: 运行, en: Running}, kind: won}
"""
VIEWS = {
    "views/device_all.yaml": "view: device_all\nlabel: {zh: 全部, en: All}\nobject: device\ncolumns: [name, price]\nsort: -price\n",
    "views/device_board.yaml": "view: device_board\nlabel: {zh: 看板, en: Board}\nobject: device\nkind: board\nboard_field: state\n",
}
RULE = """\
rule: device_running
label: {zh: 投运, en: Running}
object: device
on: {moved_to: [running]}
do:
  - set: {remarks: '"投运 " + name'}
"""
ROLE = """\
role: mechanic
label: {zh: 技师, en: Mechanic}
permissions: [import]
grants:
  - {object: device, read: [own, team], create: [own], update: [own], archive: [own], hidden: [secret], readonly: [weight]}
  - {object: repair, read: [own], create: [own]}
  - {object: client, read: [all], hidden: [credit]}
  - {object: job, read: [all]}
  - {object: user, read: [all]}
"""
KEEPERS = """\
  - {object: device, read: [all], create: [all], update: [all], archive: [all]}
  - {object: repair, read: [all], create: [all], update: [all], archive: [all]}
"""
MECHANIC = Principal(UUID(int=0xD1), "mechanic", frozenset({"mechanic"}), MING.teams, MING.teams)
OTHER = Principal(UUID(int=0xD2), "other", frozenset({"mechanic"}), LIU.teams, LIU.teams)


@pytest.fixture(scope="module")
def workshop(
    databases: Databases, lab_database: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Lab]:
    """The lab after the new object's files were published, and nothing else."""
    files = edited(
        "objects/user.yaml", "{value: head,", "{value: mechanic, label: {zh: 技师, en: M}}, {value: head,"
    ) | {
        "objects/device.yaml": DEVICE,
        "objects/repair.yaml": REPAIR,
        "pipelines/life.yaml": PIPELINE,
        "rules/device_running.yaml": RULE,
        "roles/mechanic.yaml": ROLE,
        "roles/keeper.yaml": manifests()["roles/keeper.yaml"] + KEEPERS,
        **VIEWS,
    }
    with databases.fresh(lab_database) as url, open_lab(url, tmp_path_factory.mktemp("workshop")) as lab:
        lab.runtime.publish(files)
        for person in (MECHANIC, OTHER):
            values = {
                "username": person.name,
                "name": person.name,
                "roles": ["mechanic"],
                "team": str(person.teams[0]),
            }
            lab.act(KEEPER, Create("user", values, id=person.user))
        yield lab


@pytest.fixture(scope="module")
def written(workshop: Lab) -> dict[str, Any]:
    """A value for every field that may be written, as it goes in."""
    client = workshop.create(KEEPER, "client", name="医院")
    jobs = [str(workshop.create(KEEPER, "job")["id"]) for _ in range(2)]
    return {
        "name": "离心机",
        "remarks": "两行\n字",
        "pieces": 3,
        "weight": "1.125",
        "price": {"amount": "1999.50", "currency": "USD"},
        "discount": 12.5,
        "insured": False,
        "bought_on": "2026-03-01",
        "checked_at": "2026-03-01T09:30:00+08:00",
        "uptime": 5400,
        "state": "ordered",
        "uses": ["lab", "sale"],
        "client": str(client["id"]),
        "jobs": jobs,
        "keeper": str(MECHANIC.user),
        "manual": str(workshop.file(MECHANIC)),
        "papers": [str(workshop.file(MECHANIC)), str(workshop.file(MECHANIC))],
        "receipt": str(workshop.file(MECHANIC)),
        "picture": str(workshop.file(MECHANIC)),
        "place": {"lat": 31.2304, "lng": 121.4737, "address": "上海"},
        "hotline": "021-5888 1234",
        "mail": "li@example.com",
        "site": "https://example.com",
        "extra": {"a": [1, 2.5, None, "乙"], "b": {"c": True}},
    }


@pytest.fixture(scope="module")
def device(workshop: Lab, written: dict[str, Any]) -> UUID:
    values = {name: value for name, value in written.items() if name != "weight"}
    made = workshop.act(MECHANIC, Create("device", values))
    workshop.act(KEEPER, Update("device", made["id"], None, {"weight": written["weight"]}))
    return UUID(str(made["id"]))


def test_the_made_up_object_has_a_field_of_every_type(workshop: Lab) -> None:
    assert {
        field.type.value for field in workshop.runtime.snapshot.objects["device"].fields if not field.system
    } == FIELD_TYPES
    assert set(FieldType) == FIELD_TYPES


def test_every_value_comes_back_as_it_went_in(workshop: Lab, device: UUID, written: dict[str, Any]) -> None:
    row = workshop.get(MECHANIC, "device", device)
    price = written["price"]
    expected = {
        **written,
        "price": 1999.5,
        "price_currency": price["currency"],
        "weight": 1.125,
        "checked_at": "2026-03-01T01:30:00+00:00",
        **{name: [written[name]] for name in ("manual", "receipt", "picture")},
        "worth": 5998.5,
        "repairs": 0,
    }
    found = {name: row[name] for name in expected}
    assert loads_exact(dumps(found)) == loads_exact(dumps(expected))
    assert row["serial"].endswith("-00001")
    assert (row["version"], row["owner"], row["team"]) == (2, str(MECHANIC.user), str(MECHANIC.teams[0]))


def test_every_field_can_be_changed_and_emptied(workshop: Lab, written: dict[str, Any]) -> None:
    made = workshop.act(KEEPER, Create("device", {"name": "x"}))
    files = {"manual", "papers", "receipt", "picture"}
    given = {name: value for name, value in written.items() if name not in files}
    workshop.act(KEEPER, Update("device", made["id"], 1, given))
    stored = workshop.row("device", made["id"])
    assert all(stored[name] is not None for name in given)
    emptied: dict[str, Any] = dict.fromkeys(set(given) - {"name", "state"})
    workshop.act(KEEPER, Update("device", made["id"], 2, emptied))
    stored = workshop.row("device", made["id"])
    assert [name for name in emptied if stored[name] is not None] == []
    changes = workshop.events(made["id"])[-1][1]["changes"]
    assert changes["name" if "name" in changes else "pieces"] == [3, None]


@pytest.mark.parametrize(
    ("filter", "found"),
    [
        ('name == "离心机"', True),
        ("pieces == 3 and weight > 1.1", True),
        ("price >= 1999.5 and discount < 13", True),
        ("not insured", True),
        ('bought_on < date("2026-04-01")', True),
        ("checked_at < now()", True),
        ("uptime > 1h", True),
        ('state == "ordered"', True),
        ('"lab" in uses', True),
        ('client.name == "医院"', True),
        ("client.devices.count() == 1", True),
        ('keeper.name == "mechanic"', True),
        ("worth > 5000", True),
        ("repairs == 0", True),
        ("manual == null", False),
        ('名称 == "离心机" and 数量 == 3', True),
        ("pieces > 3", False),
    ],
)
def test_every_kind_of_field_can_be_filtered_by(
    workshop: Lab, device: UUID, filter: str, found: bool
) -> None:
    ids = [row["id"] for row in workshop.listed(MECHANIC, "device", filter)]
    assert (str(device) in ids) is found


def test_lists_sort_page_search_and_expand(workshop: Lab, device: UUID) -> None:
    fields = CatalogFor(workshop.runtime.snapshot, MECHANIC).as_json()["objects"]["device"]["fields"]
    sortable = [field["name"] for field in fields if field["sortable"]]
    assert {"name", "price", "bought_on", "uptime", "state", "client", "serial", "repairs"} <= set(sortable)
    for name in sortable:
        for sign in ("", "-"):
            assert str(device) in [row["id"] for row in workshop.listed(MECHANIC, "device", sort=sign + name)]
    assert str(device) in [row["id"] for row in workshop.listed(MECHANIC, "device", q="离心")]
    [row] = workshop.listed(MECHANIC, "device", 'name == "离心机"', expand=("client", "keeper"))
    assert (row["client"]["label"], row["keeper"]["label"]) == ("医院", "mechanic")


def test_views_and_the_board_have_their_data(workshop: Lab, device: UUID) -> None:
    assert str(device) in [row["id"] for row in workshop.listed(MECHANIC, "device", view="device_all")]
    with workshop.runtime.reader(MECHANIC) as reader:
        columns = [
            loads_exact(row)
            for (row,) in read.aggregate(
                reader, "device", ["state"], [Measure("count"), Measure("sum", "price")]
            ).rows
        ]
        page = read.list_records(
            reader, ListQuery("device", view="device_board", filter='state == "ordered"')
        )
    assert {column["state"]: column["count"] for column in columns}["ordered"] == len(page.items)


def test_the_catalog_has_all_that_a_form_needs(workshop: Lab) -> None:
    catalog = loads_exact(dumps(CatalogFor(workshop.runtime.snapshot, MECHANIC).as_json()))
    device = catalog["objects"]["device"]
    fields = {field["name"]: field for field in device["fields"]}
    assert {field["type"] for field in fields.values() if not field["system"]} == FIELD_TYPES
    assert "secret" not in fields
    assert fields["weight"]["readonly"] is True
    assert {name for name, field in fields.items() if field["derived"] and not field["system"]} == {
        "serial",
        "worth",
        "repairs",
    }
    assert [option["value"] for option in fields["state"]["options"]] == ["ordered", "running"]
    assert (fields["name"]["required"], fields["pieces"]["maximum"], fields["price"]["currency"]) == (
        True,
        "1000",
        "EUR",
    )
    assert [child["name"] for child in device["children"]] == ["repairs_made"]
    assert (device["pipeline"], device["can"]["create"], device["can"]["import"], device["can"]["merge"]) == (
        "life",
        True,
        True,
        False,
    )
    assert {view["name"] for view in catalog["views"] if view["object"] == "device"} == {
        "device_all",
        "device_board",
    }
    assert [stage["name"] for stage in catalog["pipelines"]["life"]["stages"]] == ["ordered", "running"]
    auditor = CatalogFor(workshop.runtime.snapshot, AUDITOR).as_json()
    assert "device" not in auditor["objects"]
    assert not any(view["object"] == "device" for view in auditor["views"])


def test_the_gate_holds_explains_and_opens_and_the_rule_runs(workshop: Lab) -> None:
    made = workshop.act(MECHANIC, Create("device", {"name": "天平"}))
    error = workshop.refused(GateBlocked, MECHANIC, Move("device", made["id"], 1, "running"))
    assert [reason.code for reason in error.reasons()] == ["GATE-010", "GATE-013", "GATE-014"]
    with workshop.runtime.reader(MECHANIC) as reader:
        verdict = explain.move_verdict(reader, "device", made["id"], "running")
    assert verdict["allowed"] is False
    workshop.act(MECHANIC, Update("device", made["id"], 1, {"price": 5}))
    workshop.act(MECHANIC, Tick("device", made["id"], "unpacked"))
    workshop.act(MECHANIC, Create("repair", {"name": "检修", "device": str(made["id"])}))
    moved = workshop.act(MECHANIC, Move("device", made["id"], 2, "running"))
    assert (moved["state"], moved["remarks"]) == ("running", "投运 天平")
    assert workshop.row("device", made["id"])["repairs"] == 1
    with workshop.runtime.reader(MECHANIC) as reader:
        events = timeline(reader, "device", made["id"])["items"]
    kinds = [event["kind"] for event in events if event["record"] == made["id"]]
    assert kinds == [
        "record.updated",
        "record.moved",
        "substep.done",
        "record.updated",
        "gate.blocked",
        "record.created",
    ]


def test_rights_hold_without_a_line_of_code(workshop: Lab, device: UUID) -> None:
    with pytest.raises(NotFound):
        workshop.get(OTHER, "device", device)
    workshop.refused(NotFound, OTHER, Update("device", device, None, {"name": "x"}))
    workshop.refused(NoSuchObject, AUDITOR, Create("device", {"name": "x"}))
    workshop.refused(
        Forbidden, MECHANIC, Create("device", {"name": "x", "owner": str(OTHER.user), "team": None})
    )
    assert "secret" not in workshop.get(MECHANIC, "device", device)
    workshop.act(MECHANIC, Archive("device", device))
    assert str(device) not in [row["id"] for row in workshop.listed(MECHANIC, "device")]
    workshop.act(MECHANIC, Restore("device", device))


def test_rows_can_be_imported_into_it(workshop: Lab) -> None:
    content = csv_bytes(
        ["名称", "数量", "价格", "状态", "购买日", "客户"],
        [
            ["显微镜", "2", "1,200.50", "已订", "2026-01-05", "医院"],
            ["光谱仪", "many", "5", "已订", "", ""],
            ["质谱仪", "1", "5", "运行", "", ""],
        ],
    )
    mapping = {
        "名称": "name",
        "数量": "pieces",
        "价格": "price",
        "状态": "state",
        "购买日": "bought_on",
        "客户": "client",
    }
    job = bring_in(workshop.runtime, MECHANIC, content, "device", mapping)
    assert counts(job) == {"created": 1, "updated": 0, "unchanged": 0, "refused": 2}
    codes = {row["名称"]: row["错误代码"] for row in refused_rows(workshop.runtime, job)}
    assert codes["光谱仪"] == "VALUE-001"
    assert codes["质谱仪"].startswith("GATE-")
    [row] = workshop.listed(MECHANIC, "device", 'name == "显微镜"', expand=("client",))
    assert (row["pieces"], str(row["price"]), row["client"]["label"]) == (2, "1200.50", "医院")
