"""Manifests are read whole: every problem at once, each with its code, file, line and a way out."""

import pytest

from chengdan.base.errors import ChengdanError
from chengdan.kernel.manifest import load
from tests.lab.manifests import edited, manifests

NAME = "label: {zh: 名, en: Name}"
OBJECT = f"object: thing\n{NAME}\nplural: {{zh: 名, en: Names}}\ntitle: name\n"


def problems_of(text: str, path: str = "objects/thing.yaml") -> list[ChengdanError]:
    return load({path: text})[1]


def told(problem: ChengdanError) -> tuple[str, str, str]:
    return problem.code, problem.path, problem.message("en")


def test_reads_the_lab_without_a_problem() -> None:
    definitions, problems = load(manifests())
    assert problems == []
    assert set(definitions.objects) == {"user", "team", "territory", "client", "job", "part"}
    assert [stage.name for stage in definitions.pipelines["course"].stages] == [
        "idea",
        "build",
        "trial",
        "done",
        "dropped",
    ]


def test_reports_the_problems_of_all_files_at_once() -> None:
    files = {
        "objects/a.yaml": OBJECT + "colour: red\n",
        "objects/b.yaml": "object: b\n",
        "roles/c.yaml": "role: [unclosed\n",
    }
    problems = load(files)[1]
    assert [told(problem) for problem in problems] == [
        ("DEF-003", "objects/a.yaml:5", "`colour` is not known here"),
        ("DEF-004", "objects/b.yaml:1", "`label` is missing"),
        ("DEF-004", "objects/b.yaml:1", "`plural` is missing"),
        ("DEF-004", "objects/b.yaml:1", "`title` is missing"),
        ("DEF-002", "roles/c.yaml:2", "invalid YAML: did not find expected ',' or ']'"),
    ]


def test_suggests_the_key_that_was_meant() -> None:
    (problem,) = problems_of(OBJECT + "serch: [name]\n")
    assert told(problem) == ("DEF-003", "objects/thing.yaml:5", "`serch` is not known here")
    assert problem.hint("en") == "Did you mean `search`?"
    assert problem.hint("zh-CN") == "是不是“search”？"


def test_names_the_line_of_a_field() -> None:
    text = OBJECT + f"fields:\n  - {{name: ok, type: text, {NAME}}}\n  - {{name: bad, type: txt, {NAME}}}\n"
    (problem,) = problems_of(text)
    assert told(problem) == ("DEF-005", "objects/thing.yaml:7", "`type` cannot be `txt`")
    assert problem.hint("en") == "Did you mean `text`?"


def test_refuses_a_key_written_twice() -> None:
    (problem,) = problems_of(OBJECT + "title: other\n")
    assert told(problem) == ("DEF-005", "objects/thing.yaml:5", "`title` is written twice")


def test_refuses_a_definition_given_twice_and_names_the_other() -> None:
    (problem,) = load({"objects/a.yaml": OBJECT, "objects/b.yaml": OBJECT})[1]
    assert told(problem) == ("DEF-005", "objects/b.yaml:1", "object `thing` is defined twice")
    assert problem.hint("en") == "See objects/a.yaml:1"


@pytest.mark.parametrize("name", ["Thing", "1thing", "_thing", "thing-a", "客户", "a" * 51, "a b", "class:"])
def test_refuses_names_that_cannot_name(name: str) -> None:
    problems = problems_of(OBJECT.replace("object: thing", f"object: '{name}'"))
    assert [told(problem)[0] for problem in problems] == ["DEF-005"]
    assert problems[0].message("en") == f"`{name}` cannot be a name"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "the file is empty"),
        ("# nothing\n", "the file is empty"),
        ("- a\n- b\n", "a mapping of keys to values is expected here"),
        ("just words\n", "a mapping of keys to values is expected here"),
        ("label: {zh: a, en: b}\n", "this does not say what it defines"),
        ("object: [a]\n", "`object` must be a single value"),
        ("? [a, b]\n: c\n", "a key must be a single word"),
        ("object: a\n---\nobject: b\n", "invalid YAML: but found another document"),
    ],
)
def test_says_what_is_wrong_with_a_file(text: str, message: str) -> None:
    assert message in [problem.message("en") for problem in problems_of(text)]


def test_refuses_wrong_kinds_of_values() -> None:
    wrong = OBJECT + (
        f"search: {{a: b}}\n"
        "fields:\n"
        f"  - {{name: a, type: text, {NAME}, required: perhaps}}\n"
        f"  - {{name: b, type: text, {NAME}, max_length: long}}\n"
        f"  - {{name: c, type: select, {NAME}, options: none}}\n"
        f"  - {{name: d, type: text, label: Name}}\n"
    )
    assert [told(problem)[1:] for problem in problems_of(wrong)] == [
        ("objects/thing.yaml:5", "`search` must be a list of values"),
        ("objects/thing.yaml:7", "`required` must be true or false"),
        ("objects/thing.yaml:8", "`max_length` must be a whole number"),
        ("objects/thing.yaml:9", "`options` must be a list"),
        ("objects/thing.yaml:10", "a mapping of keys to values is expected here"),
        ("objects/thing.yaml:10", "`zh` is missing"),
        ("objects/thing.yaml:10", "`en` is missing"),
    ]


def test_refuses_an_unknown_scope_and_command() -> None:
    files = {
        "roles/r.yaml": "role: r\nlabel: {zh: r, en: r}\ngrants:\n  - {object: a, read: [everything]}\n",
        "rules/q.yaml": "rule: q\nlabel: {zh: q, en: q}\nobject: a\non: {created: true}\ndo:\n  - {shout: loud}\n",
    }
    assert [told(problem) for problem in load(files)[1]] == [
        ("DEF-005", "roles/r.yaml:4", "there is no scope `everything`"),
        ("DEF-003", "rules/q.yaml:6", "this command is not known"),
        ("DEF-003", "rules/q.yaml:6", "`shout` is not known here"),
    ]


def test_refuses_aliases_so_that_no_file_can_explode() -> None:
    bomb = "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n"
    (problem,) = problems_of(bomb)
    assert told(problem) == (
        "DEF-002",
        "objects/thing.yaml:1",
        "invalid YAML: anchors and aliases are not allowed",
    )


def test_refuses_deep_nesting_and_huge_files() -> None:
    (deep,) = problems_of("a: " + "[" * 500 + "]" * 500)
    (huge,) = problems_of("# " + "x" * 300_000)
    assert deep.message("en") == "invalid YAML: nested too deeply"
    assert huge.message("en") == "the file is larger than 256000 characters"


def test_names_the_line_of_a_deliverable() -> None:
    files = edited(
        "pipelines/course.yaml", "kind: checklist, label: {zh: 已测试", "kind: tick, label: {zh: 已测试"
    )
    (problem,) = load(files)[1]
    assert told(problem) == ("DEF-005", "pipelines/course.yaml:20", "`kind` cannot be `tick`")


def test_a_file_that_is_no_text_is_a_problem_not_a_crash() -> None:
    for text in (
        "object: \x01\n",
        "object: \ud800\n",
        "\t- a",
        "[" * 50_000,
        "a: !!python/object:os.system x",
    ):
        assert {problem.code for problem in problems_of(text)} <= {"DEF-002", "DEF-003", "DEF-004", "DEF-005"}
        assert problems_of(text) != []
