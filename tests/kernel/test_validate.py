"""Definitions are checked against each other: each kind of fault is told with its code, place and way out."""

import pytest

from chengdan.kernel.validate import build
from tests.lab.manifests import edited, manifests
from tests.run.scored import files as files_with_a_score

JOB = "objects/job.yaml"
CLIENT = "objects/client.yaml"
COURSE = "pipelines/course.yaml"
MAKER = "roles/maker.yaml"
RULE = "rules/a.yaml"


def problems(files: dict[str, str]) -> list[tuple[str, str, str]]:
    return [(found.code, found.path, found.message("en")) for found in build(files)[1]]


EXTRA = 21
"""The line of the field that `with_field` adds."""


def with_field(written: str) -> dict[str, str]:
    """The lab with one more field near the end of `job`."""
    return edited(
        JOB,
        "  - {name: scan,",
        f"  - {{name: extra, label: {{zh: 多, en: Extra}}, {written}}}\n  - {{name: scan,",
    )


def with_rule(on: str, do: str, when: str = "") -> dict[str, str]:
    condition = f"when: '{when}'\n" if when else ""
    return manifests({
        RULE: f"rule: a\nlabel: {{zh: a, en: a}}\nobject: job\non: {on}\n{condition}do:\n  - {do}\n"
    })  # fmt: skip


def test_the_lab_is_sound() -> None:
    assert problems(manifests()) == []


def test_reports_every_problem_at_once() -> None:
    files = edited(JOB, "object: client", "object: cliet")
    files[MAKER] = files[MAKER].replace("hidden: [cost, margin]", "hidden: [costs]")
    files["views/job_mine.yaml"] = files["views/job_mine.yaml"].replace("sort: -value", "sort: -margin")
    found = problems(files)
    assert ("DEF-010", f"{JOB}:10", "there is no object `cliet`") in found
    assert ("DEF-010", f"{MAKER}:5", "there is no field `costs`") in found
    assert ("DEF-010", "views/job_mine.yaml:1", "there is no field to sort by `margin`") in found


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("type: reference, object: nowhere", "there is no object `nowhere`"),
        ("type: text, section: nowhere", "there is no section `nowhere`"),
        ("type: select", "a select without options"),
        (
            "type: select, options: [{value: a, label: {zh: a, en: a}}, {value: a, label: {zh: b, en: b}}]",
            "an option is there twice",
        ),
        ("type: decimal, digits: 11", "digits must be 0–10"),
        ("type: integer, minimum: lots", "`lots` is not a number"),
        ("type: auto_number", "pattern must hold {seq}"),
        ("type: auto_number, pattern: 'X-{year}'", "pattern must hold {seq}"),
        ("type: auto_number, pattern: 'X-{seq}-{day}'", "pattern must hold {seq}"),
        ("type: auto_number, pattern: 'X-{seq.real}'", "pattern must hold {seq}"),
        ("type: auto_number, pattern: 'X-{seq.nothing}'", "pattern must hold {seq}"),
        ("type: formula, formula: value", "`result`, the type of the value, is missing"),
        ("type: rollup, result: integer", "`rollup` is missing"),
        ("type: rollup, result: integer, rollup: {of: parts, function: tally}", "there is no rollup function `tally`"),
        ("type: rollup, result: integer, rollup: {of: party, function: count}", "there is no list of children `party`"),
        (
            "type: rollup, result: decimal, rollup: {of: parts, function: sum, field: weight}",
            "there is no field to roll up `weight`",
        ),
        (
            "type: money, currency: 元",
            "the currency can't be `元`",
        ),
        (
            "type: rollup, result: integer, rollup: {of: parts, function: count, where: 'job.secret'}",
            "a rollup's condition may only read the child's own fields, rollups aside",
        ),
        (
            "type: rollup, result: integer, rollup: {of: parts, function: count, where: 'created_at > now() - 1d'}",
            "a rollup's condition can't read the clock or who looks",
        ),
        (
            "type: rollup, result: integer, rollup: {of: parts, function: count, where: 'owner == me'}",
            "a rollup's condition can't read the clock or who looks",
        ),
    ],
)  # fmt: skip
def test_a_field_that_cannot_work(written: str, message: str) -> None:
    assert message in [text for _, path, text in problems(with_field(written)) if path == f"{JOB}:{EXTRA}"]


def test_a_rollup_cannot_count_by_another_rollup() -> None:
    files = edited(CLIENT, "  - {name: newest,", (
        "  - {name: rich, type: rollup, result: integer, label: {zh: 富, en: Rich}, "
        "rollup: {of: branches, function: count, where: 'job_count > 0'}}\n  - {name: newest,"
    ))  # fmt: skip
    assert problems(files) == [
        (
            "DEF-011",
            f"{CLIENT}:16",
            "a rollup's condition may only read the child's own fields, rollups aside",
        )
    ]


@pytest.mark.parametrize(
    ("written", "messages"),
    [
        ("result: money", []),
        ("result: decimal", ["a rollup of money gives money"]),
        ("result: money, currency: dollar", ["the currency can't be `dollar`"]),
        ("result: money, currency: USD", []),
    ],
)
@pytest.mark.parametrize("function", ["sum", "min", "max", "latest"])
def test_a_rollup_of_money_is_money_in_a_currency(function: str, written: str, messages: list[str]) -> None:
    line = (
        f"  - {{name: rich, type: rollup, {written}, label: {{zh: 富, en: Rich}}, "
        f"rollup: {{of: jobs, function: {function}, field: value}}}}\n"
    )
    assert [
        text for _, _, text in problems(edited(CLIENT, "  - {name: newest,", line + "  - {name: newest,"))
    ] == messages


@pytest.mark.parametrize(
    ("written", "excerpt"),
    [
        ("type: formula, result: decimal, formula: 'valu * 2'", "valu"),
        ("type: formula, result: decimal, formula: 'name'", "name"),
        ("type: integer, default: '\"a\"'", "Text"),
        ("type: text, locked_when: 'value'", "value"),
        ("type: text, visible_when: 'stage ==='", "stage"),
        ("type: formula, result: decimal, formula: 'extra + 1'", "extra"),
    ],
)
def test_an_expression_that_does_not_check(written: str, excerpt: str) -> None:
    found = problems(with_field(written))
    assert [(code, path) for code, path, _ in found] == [("DEF-012", f"{JOB}:{EXTRA}")]


@pytest.mark.parametrize(
    "name", ["id", "version", "owner", "created_at", "checklist", "stage_since", "value", "value_currency"]
)
def test_a_field_name_that_is_taken(name: str) -> None:
    files = edited(
        JOB,
        "  - {name: scan,",
        f"  - {{name: {name}, type: text, label: {{zh: 多, en: Extra}}}}\n  - {{name: scan,",
    )
    assert "DEF-011" in {code for code, path, _ in problems(files) if path.startswith(JOB)}


def test_a_title_or_search_field_that_is_not_there() -> None:
    files = edited(JOB, "title: name\nsearch: [name, code]", "title: nmae\nsearch: [value]")
    assert problems(files) == [
        ("DEF-010", f"{JOB}:1", "there is no title field `nmae`"),
        ("DEF-010", f"{JOB}:1", "there is no text field to search `value`"),
    ]


def test_a_list_of_children_named_like_a_field() -> None:
    files = edited("objects/part.yaml", "inverse: {name: parts", "inverse: {name: value")
    assert ("DEF-011", f"{JOB}:1", "the list of children `value` has the name of a field") in problems(files)


def test_two_lists_of_children_of_one_name() -> None:
    files = edited(
        "objects/part.yaml",
        "label: {zh: 客户, en: Client}}",
        "label: {zh: 客户, en: Client}, inverse: {name: jobs, label: {zh: a, en: a}}}",
    )
    message = "`client` already has a list of children `jobs`"
    assert [path for code, path, text in problems(files) if text == message] == [f"{JOB}:10"]


def test_access_needs_its_own_objects() -> None:
    files = {path: text for path, text in manifests().items() if path != "objects/team.yaml"}
    assert ("DEF-010", "", "there is no object `team`") in problems(files)
    files = edited("objects/user.yaml", "name: active", "name: present")
    assert ("DEF-010", "objects/user.yaml:1", "there is no field, which access needs, `active`") in problems(
        files
    )


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("object: job", "object: jab", "there is no object `jab`"),
        ("field: stage\n", "field: name\n", "there is no select field `name`"),
        ("name: trial", "name: build", "two stages have the same name"),
        ("name: tested", "name: talked", "two deliverables are named `talked`"),
        ("file_kind: plan, ", "", "`file_kind` is missing"),
    ],
)
def test_a_pipeline_that_cannot_work(old: str, new: str, message: str) -> None:
    assert message in [text for _, _, text in problems(edited(COURSE, old, new))]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("field: value, ", "field: valeu, "),
        ("value >= 10", "value"),
        ("value >= 10", "name >= 10"),
        ("of: parts", "of: party"),
        ("item.good", "item.bad"),
    ],
)
def test_a_deliverable_whose_expression_does_not_check(old: str, new: str) -> None:
    found = problems(edited(COURSE, old, new))
    assert [code for code, _, _ in found] == ["DEF-012"]
    assert found[0][1].startswith(f"{COURSE}:")


def test_a_pipeline_does_not_run_over_what_the_system_works_out() -> None:
    """A score writes its colour by itself, so no gate would see it change."""
    over = manifests()[COURSE].replace("object: job\nfield: stage", "object: client\nfield: fit_color")
    found = problems({**files_with_a_score(), "pipelines/b.yaml": over.replace("course", "other")})
    assert "there is no select field `fit_color`" in [text for _, _, text in found]


def test_one_object_has_one_pipeline() -> None:
    second = manifests()[COURSE].replace("pipeline: course", "pipeline: second")
    assert [text for _, _, text in problems(manifests({"pipelines/b.yaml": second}))] == [
        "an object has one pipeline"
    ]


@pytest.mark.parametrize(
    ("files", "code", "message"),
    [
        (with_rule("{}", "set: {urgent: 'true'}"), "DEF-011", "a rule that nothing sets off"),
        (with_rule("{updated: [valu]}", "set: {urgent: 'true'}"), "DEF-010", "there is no field `valu`"),
        (with_rule("{moved_to: [shop]}", "set: {urgent: 'true'}"), "DEF-010", "there is no stage `shop`"),
        (with_rule("{created: true}", "set: {numbr: '1'}"), "DEF-010", "there is no field to write `numbr`"),
        (with_rule("{created: true}", "set: {number: '\"J-1\"'}"), "DEF-010", "there is no field to write `number`"),
        (with_rule("{created: true}", "set: {created_at: 'now()'}"), "DEF-010", "there is no field to write `created_at`"),
        (with_rule("{created: true}", "create: {object: jab, values: {name: name}}"), "DEF-010", "there is no object `jab`"),
        (with_rule("{created: true}", "notify: {to: [owenr], message: {zh: a, en: a}}"), "DEF-010", "there is no person to notify `owenr`"),
        (with_rule("{created: true}", "notify: {to: [owner], message: {zh: '{nmae}', en: a}}"), "DEF-010", "there is no field `nmae`"),
        (with_rule("{created: true}", "notify: {to: [owner], message: {zh: '{name', en: a}}"), "DEF-011", "the braces in `{name` don't pair up"),
        (with_rule("{created: true}", "notify: {to: [owner], message: {zh: '{name.upper}', en: a}}"), "DEF-011", "the braces in `{name.upper}` don't pair up"),
        (with_rule("{created: true}", "notify: {to: [owner], message: {zh: '{value:.2f}', en: a}}"), "DEF-011", "the braces in `{value:.2f}` don't pair up"),
        (with_rule("{created: true}", "timer: {key: k, after: 24h, of: name}"), "DEF-010", "there is no reference `name`"),
        (with_rule("{created: true}", "cancel_timer: {key: k, of: nobody}"), "DEF-010", "there is no reference `nobody`"),
    ],
)  # fmt: skip
def test_a_rule_that_cannot_work(files: dict[str, str], code: str, message: str) -> None:
    assert (code, f"{RULE}:1", message) in problems(files)


@pytest.mark.parametrize(
    "files",
    [
        with_rule("{created: true}", "set: {urgent: 'true'}", when="value"),
        with_rule("{created: true}", "set: {urgent: 'old.secret + 1'}"),
        with_rule("{created: true}", "set: {value: 'name'}"),
        with_rule("{created: true}", "timer: {key: k, after: '5'}"),
    ],
)
def test_a_rule_whose_expression_does_not_check(files: dict[str, str]) -> None:
    assert [(code, path) for code, path, _ in problems(files)] == [("DEF-012", f"{RULE}:1")]


@pytest.mark.parametrize(
    ("path", "old", "new", "message"),
    [
        ("views/job_mine.yaml", "object: job", "object: jab", "there is no object `jab`"),
        ("views/job_mine.yaml", "columns: [name,", "columns: [nmae,", "there is no field `nmae`"),
        ("views/job_mine.yaml", "sort: -value", "sort: -scan", "there is no field to sort by `scan`"),
        (
            "views/job_board.yaml",
            "board_field: stage",
            "board_field: name",
            "there is no select field `name`",
        ),
        ("views/job_board.yaml", "kind: board", "kind: bord", "there is no kind of view `bord`"),
        (
            "views/job_board.yaml",
            "board_field: stage",
            "board_field: stage\nlimits: {nowhere: 3}",
            "there is no option `nowhere`",
        ),
        (
            "views/job_board.yaml",
            "board_field: stage",
            "board_field: stage\nlimits: {done: 0}",
            "the limit of `done` is below 1",
        ),
        (
            "views/job_board.yaml",
            "board_field: stage",
            "board_field: stage\nlimits: {done: few}",
            "the limit of `done` must be a whole number",
        ),
        (MAKER, "object: part", "object: prat", "there is no object `prat`"),
        (MAKER, "readonly: [owner, team]", "readonly: [boss]", "there is no field `boss`"),
        ("roles/head.yaml", "override_gate", "overide_gate", "there is no permission `overide_gate`"),
        (MAKER, "role: maker", "role: automation", "`automation` is the system's own role"),
    ],
)
def test_a_view_or_role_that_cannot_work(path: str, old: str, new: str, message: str) -> None:
    assert message in [text for _, _, text in problems(edited(path, old, new))]


def with_view(written: str) -> dict[str, str]:
    return manifests({"views/a.yaml": f"view: a\nlabel: {{zh: a, en: a}}\nobject: job\n{written}"})


@pytest.mark.parametrize(
    "written",
    [
        "kind: calendar\nstart_field: due_on\n",
        "kind: calendar\nstart_field: due_on\nend_field: due_on\ndone_field: secret\n",
        "kind: agenda\nstart_field: due_on\ndone_field: secret\n",
        "kind: board\nboard_field: stage\nlimits: {done: 12}\nstrict_limits: true\n",
    ],
)
def test_a_view_by_dates_or_with_limits(written: str) -> None:
    assert problems(with_view(written)) == []


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("kind: calendar\n", "there is no field of a date ``"),
        ("kind: calendar\nstart_field: name\n", "there is no field of a date `name`"),
        ("kind: calendar\nstart_field: due_on\nend_field: created_at\n", "there is no field of type date `created_at`"),
        ("kind: calendar\nstart_field: due_on\nduration_field: value\n", "there is no field of a duration `value`"),
        ("kind: calendar\nstart_field: due_on\ndone_field: name\n", "there is no yes-or-no field `name`"),
        ("kind: agenda\nstart_field: due_on\n", "an agenda without `done_field`"),
    ],
)  # fmt: skip
def test_a_view_by_dates_that_cannot_work(written: str, message: str) -> None:
    assert [text for _, _, text in problems(with_view(written))] == [message]


@pytest.mark.parametrize(
    "timer",
    [
        "{key: k}",
        "{key: k, after: 1h, at: due_on}",
        "{key: k, at: due_on, working: true}",
        "{key: k, at: name}",
    ],
)
def test_a_timer_goes_off_after_a_while_or_at_a_moment(timer: str) -> None:
    assert [code for code, _, _ in problems(with_rule("{created: true}", f"timer: {timer}"))] == ["DEF-011"]
    assert problems(with_rule("{created: true}", "timer: {key: k, at: due_on}")) == []


def test_a_record_rule_that_does_not_check() -> None:
    found = problems(edited("roles/east.yaml", """region == "east"'}""", """region + 1'}"""))
    assert [(code, path) for code, path, _ in found] == [("DEF-012", "roles/east.yaml:4")]


def test_the_type_wanted_of_an_expression_is_checked_wherever_else_it_stands() -> None:
    files = edited(COURSE, "condition: 'value >= 10'", "condition: 'value'")
    assert "DEF-012" in {code for code, _, _ in problems(files)}
    files = edited(MAKER, "hidden: [cost, margin]", "where: 'value', hidden: [cost, margin]")
    assert "DEF-012" in {code for code, _, _ in problems(files)}


def test_short_ways_name_fields_that_can_be_filled_in() -> None:
    files = edited(
        JOB,
        "title: name",
        "quick: {by: name, fields: [margin, value]}\nnext: {text: value, on: due_on}\ntitle: name",
    )
    assert [(code, text.split("`")[1]) for code, _, text in problems(files)] == [
        ("DEF-010", "name"),
        ("DEF-010", "margin"),
        ("DEF-010", "value"),
    ]
