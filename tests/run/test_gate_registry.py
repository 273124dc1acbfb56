"""Every place in the code that gives a command which could write a stage, and the row of the gate proof that tries it.

Whoever adds such a place fails here until it has a row, or a word on why what it writes is never a stage.
"""

import ast
import inspect
import re
from collections.abc import Iterator
from pathlib import Path

import chengdan
from chengdan.run import action
from tests.run import test_gate_paths as paths

ROOT = Path(chengdan.__file__).parent
WRITING = {"Create", "Update", "Move", "Merge"}
"""Commands that write fields people name: the stage may be among them."""
KEEPING = {
    "Tick", "Attach", "Detach", "Sign", "Vouch", "Share", "Unshare", "Comment", "EditComment", "RemoveComment", "Follow",
    "Archive", "Restore", "Claim", "Release", "Settle", "Work", "Repoint",
}  # fmt: skip
"""Commands that name no field of the caller's choice: evidence, surroundings, who holds a record, whether it is archived."""

TRIED = {
    "web/process.py move Move": "by_a_move",
    "web/records.py update Update": "by_an_update",
    "web/records.py create Create": "test_a_record_cannot_be_born_past_a_gate",
    "web/bulk.py _command Move": "by_a_bulk_move",
    "web/bulk.py _command Update": "by_a_bulk_update",
    "web/bulk.py _each Update": "undone_in_bulk",
    "web/merging.py merge Merge": "by_a_merge",
    "run/merging.py merge Update": "by_a_merge_with_one_that_is_further",
    "run/following.py _carry_out Update": "by_a_rule",
    "run/following.py _carry_out Create": "test_a_record_cannot_be_born_past_a_gate",
    "run/importer/batch.py _carry_out Update": "test_an_import_does_not_go_round_a_gate",
    "run/importer/batch.py _create Create": "test_an_import_does_not_go_round_a_gate",
    "run/importer/batch.py _create Move": "test_a_past_that_is_imported_passes_a_gate_as_an_override_alone",
    "run/leaving/moving.py _give Update": "by_a_hand_over_and_back",
    "run/leaving/back.py _take_record Update": "by_a_hand_over_and_back",
    "run/pools/claiming.py _change_hands Update": "by_the_pool",
}
"""The row that goes through a place."""
HISTORY = "an event log from elsewhere; `test_an_event_log_passes_a_gate_only_as_an_override` in tests/web/test_gate_routes.py"
PEOPLE = "a user's own fields"
OWNER = "owner and team alone"
MERGED = "the field that refers to what was merged, alone"
AUDIT = "the objects of an audit, their fields named here"
MAIL = "the mail object, its fields named here; what rules make of it is `by_a_rule`"
DEMO = "the demo company, made by commands like everybody's"
FIXED = {
    "run/histories/telling.py tell Create": HISTORY,
    "run/histories/telling.py _enter Move": HISTORY,
    "run/histories/telling.py _enter Update": "a field for days, as the plan was checked",
    "run/histories/telling.py _about_child Create": HISTORY,
    "run/leaving/beside.py close_account Update": PEOPLE,
    "run/leaving/back.py _let_in_again Update": PEOPLE,
    "web/auth.py change_me Update": PEOPLE,
    "cli/people.py create Create": PEOPLE,
    "run/conflicts/settling.py _hand_over Update": OWNER,
    "run/merging.py _repoint Update": MERGED,
    "run/audits/drawing.py announce Create": AUDIT,
    "run/audits/drawing.py publish_seed Update": AUDIT,
    "run/audits/drawing.py carry_out Update": AUDIT,
    "run/audits/drawing.py _assign Create": AUDIT,
    "run/audits/drawing.py _ask Create": AUDIT,
    "run/audits/reviewing.py _update Update": AUDIT,
    "run/mail/drafting.py begin Create": MAIL,
    "run/mail/drafting.py _answer Create": MAIL,
    "run/mail/room.py write Update": MAIL,
    "run/mail/taking.py _record Create": MAIL,
    "run/mail/desk.py link_stranger Update": "whom a mail is linked to",
    "run/mail/desk.py _remember Update": "the address of somebody",
    "cli/clashes.py _contest Create": DEMO,
    "cli/clashes.py _know_twice Create": DEMO,
    "cli/clashes.py _enter_twice Create": DEMO,
    "cli/demo.py _call_for_help Update": DEMO,
    "cli/demo_mail.py write_mail Update": DEMO,
}
"""Places that choose the fields themselves, never a stage; and through them everything goes by the gate all the same."""


def places() -> Iterator[str]:
    """File, function and command of every place that makes a writing command."""
    for file in sorted(ROOT.rglob("*.py")):
        text = file.read_text()
        tree = ast.parse(text if "run.commands" in text or "chengdan.sdk" in text else "")
        imported = {
            name.asname or name.name
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom) and node.module in ("chengdan.run.commands", "chengdan.sdk")
            for name in node.names
        }
        for function in ast.walk(tree):
            if isinstance(function, ast.FunctionDef):
                for node in ast.walk(function):
                    named = node.func if isinstance(node, ast.Call) else None
                    if isinstance(named, ast.Name) and named.id in WRITING & imported:
                        yield f"{file.relative_to(ROOT)} {function.name} {named.id}"


def test_every_command_is_known_to_write_a_stage_or_not_to() -> None:
    assert {command.__name__ for command in action._HANDLERS} == WRITING | KEEPING


def test_every_place_that_could_write_a_stage_has_its_row() -> None:
    assert set(places()) == TRIED.keys() | FIXED.keys()
    assert [name for name in TRIED.values() if not callable(getattr(paths, name, None))] == []


def test_commands_are_made_nowhere_by_another_name() -> None:
    """Otherwise the list of places would miss them."""
    found = [
        str(file.relative_to(ROOT))
        for file in ROOT.rglob("*.py")
        if "from chengdan.run import commands" in (text := file.read_text())
        or "run.commands import *" in text
    ]
    assert found == []


def test_a_stage_is_written_in_one_place_and_where_records_begin() -> None:
    source = inspect.getsource(action)
    writers = [
        line.strip()
        for line in source.splitlines()
        if "{pipeline.field: target" in line or "row[pipeline.field] =" in line
    ]
    assert writers == [
        "row[pipeline.field] = row[pipeline.field] or pipeline.stages[0].name",
        'after = _stamped(unit, row, {pipeline.field: target, "stage_since": unit.now})',
    ]


def test_rows_are_written_by_the_one_way_alone() -> None:
    """Columns of records are set by `run.action`; the rest of the code that does is listed with what it sets."""
    setting = {
        "run/action.py": "everything, behind the gate",
        "store/unit.py": "what `run.action` left in the unit",
        "store/rows.py": "the statements of the unit",
        "store/rollups.py": "rollups, which no pipeline runs over",
        "store/scores.py": "the value and colour of a score, over which no pipeline runs",
        "run/loading.py": "a company that is made up, into an empty installation",
    }
    marks = (
        "unit.update(",
        "unit.insert(",
        "rows.update(",
        "rows.insert(",
        "rows.copy(",
        "Identifier(SCHEMA",
    )
    writing = ("UPDATE {", "INSERT INTO {")
    copied = re.compile(r'copying\.copy\([^,]+, (?!system\.SCHEMA|"chengdan")')
    found = {
        str(file.relative_to(ROOT))
        for file in ROOT.rglob("*.py")
        if any(mark in (text := file.read_text()) for mark in marks[:5])
        or (marks[5] in text and any(one in text for one in writing))
        or copied.search(text)
    }
    assert found == setting.keys()
