"""The lab with a gate that asks for one thing of each kind, and with everything beside it that could carry a job through.

A job lacks one thing (`ready`), or had everything, was let through, stepped back and lost one thing (`been_there`).
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

from chengdan.kernel.access import Principal
from chengdan.run.commands import Create, Detach, Move, Sign, Tick, Update
from tests.lab.lab import KEEPER, MING, Lab, open_lab
from tests.lab.manifests import edited, manifests

CLERK = Principal(UUID(int=0xC1), "clerk", frozenset({"clerk"}))
"""Somebody who may do everything with jobs but override a gate."""
CLERK_ROLE = """\
role: clerk
label: {zh: 录入员, en: Clerk}
permissions: [import, export, merge, bulk, share, pools, hand_over, manage_users]
grants:
  - {object: job, read: [all], create: [all], update: [all], archive: [all]}
  - {object: part, read: [all], create: [all], update: [all], archive: [all]}
  - {object: client, read: [all]}
  - {object: user, read: [all]}
"""
FORM = """\
template: consent
label: {zh: 同意书, en: Consent}
object: job
sections: [{fields: [name, client, value]}]
signature: {zh: 签字, en: Signature}
"""
SIGNED_TOO = """\
      - {name: consent, kind: signature, template: consent, label: {zh: 同意书, en: Consent}, hint: {zh: 请客户签字, en: Have it signed}}
  - name: build
"""
POOL = """\
pool: jobs
label: {zh: 项目公海, en: Job pool}
object: job
who: [clerk, keeper]
"""
METRIC = """\
metric: parts_lately
label: {zh: 近期部件, en: Parts lately}
object: part
per: job
at: created_at
days: 30
function: count
empty: 0
"""
SCORE = """\
score: ripe
label: {zh: 成熟度, en: Ripeness}
object: job
red: 40
green: 70
signals:
  - {metric: parts_lately, weight: 1, bad: 0, good: 4, words: {zh: '部件 {figure} 个', en: '{figure} parts'}}
"""


def pushing(name: str, on: str, do: str, when: str = "") -> str:
    """A rule over jobs."""
    condition = f"when: '{when}'\n" if when else ""
    return f"rule: {name}\nlabel: {{zh: 推进, en: Push}}\nobject: job\non: {on}\n{condition}do:\n  - {do}\n"


BUILD = """set: {stage: '"build"'}"""
RULES = {
    "pushed": pushing("pushed", "{updated: [reason]}", BUILD, 'reason == "push"'),
    "wound": pushing("wound", "{updated: [reason]}", "timer: {key: push, after: 1h}", 'reason == "wind"'),
    "rang": pushing("rang", "{timer: push}", BUILD),
    "ripened": pushing("ripened", "{turned: ripe}", BUILD, 'ripe_color == "green"'),
    "spawned": pushing(
        "spawned",
        "{updated: [reason]}",
        """create: {object: job, values: {name: '"spawned"', stage: '"build"'}}""",
        'reason == "spawn"',
    ),
    "emptied": pushing("emptied", "{updated: [code]}", "set: {value: 'null'}", 'code == "EMPTY"'),
}
KINDS: Mapping[str, str] = {
    "value": "GATE-010",
    "big": "GATE-011",
    "plan": "GATE-012",
    "talked": "GATE-013",
    "good_part": "GATE-014",
    "consent": "GATE-015",
}
"""One deliverable of each kind, by name: field, condition, file, checklist, record, signature; and the code of its lack."""


@contextmanager
def open_gated(url: str, home: Path) -> Iterator[Lab]:
    """The gated lab over a database that holds the lab."""
    with open_lab(url, home) as lab:
        lab.runtime.publish(gated_files())
        clerk = {"username": "clerk", "name": "clerk", "roles": ["clerk"]}
        lab.act(KEEPER, Create("user", clerk, id=CLERK.user))
        lab.act(KEEPER, Update("user", KEEPER.user, None, {"roles": ["keeper"]}))
        yield lab


def gated_files() -> dict[str, str]:
    roles = "{value: clerk, label: {zh: 录, en: C}}, {value: keeper, label: {zh: 管, en: K}}, {value: head,"
    keeper = edited("roles/keeper.yaml", "permissions: [", "permissions: [pools, hand_over, ")
    return manifests({
        "objects/user.yaml": edited("objects/user.yaml", "{value: head,", roles)["objects/user.yaml"],
        "pipelines/course.yaml": edited("pipelines/course.yaml", "  - name: build\n", SIGNED_TOO)[
            "pipelines/course.yaml"
        ],
        "roles/keeper.yaml": keeper["roles/keeper.yaml"],
        "roles/clerk.yaml": CLERK_ROLE,
        "templates/consent.yaml": FORM,
        "pools/jobs.yaml": POOL,
        "metrics/parts_lately.yaml": METRIC,
        "scores/ripe.yaml": SCORE,
        **{f"rules/{name}.yaml": text for name, text in RULES.items()},
    })  # fmt: skip


def ready(lab: Lab, lacking: str = "", who: Principal = MING) -> UUID:
    """A job in `idea` that has all it needs for `build`, but what `lacking` names."""
    client = lab.create(who, "client")
    value = None if lacking == "value" else 5 if lacking == "big" else 10
    job = lab.create(who, "job", client=str(client["id"]), value=value)["id"]
    lab.create(who, "part", job=str(job), good=lacking != "good_part")
    if lacking != "plan":
        lab.attach(who, "job", job, "plan")
    if lacking != "talked":
        lab.act(who, Tick("job", job, "talked"))
    if lacking != "consent":
        lab.act(who, Sign("job", job, "consent", lab.file(who), found=True))
    return UUID(str(job))


def been_there(lab: Lab, lacking: str) -> UUID:
    """A job that was let into `build`, went back to `idea`, and has lost what `lacking` names since."""
    id = ready(lab)
    lab.act(CLERK, Move("job", id, None, "build"))
    lab.act(CLERK, Move("job", id, None, "idea"))
    match lacking:
        case "value" | "big":
            lab.act(CLERK, Update("job", id, None, {"value": None if lacking == "value" else 5}))
        case "talked":
            lab.act(CLERK, Tick("job", id, "talked", done=False))
        case "good_part":
            [(part,)] = lab.query("SELECT id FROM data.part WHERE job = %s", id)
            lab.act(CLERK, Update("part", part, None, {"good": False}))
        case kind:
            [(file,)] = lab.query("SELECT id FROM chengdan.file WHERE record_id = %s AND kind = %s", id, kind)
            lab.act(CLERK, Detach(file))
    return id


def lacking_names(lacking: str) -> list[str]:
    """What a job lacks: without a value it isn't big enough either."""
    return ["value", "big"] if lacking == "value" else [lacking]
