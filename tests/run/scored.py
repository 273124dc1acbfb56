"""The lab with metrics over jobs, and a score of clients made of them."""

from tests.lab.manifests import manifests

METRICS = {
    "jobs_lately": "per: client\nat: created_at\ndays: 30\nfunction: count\nempty: 0\nunit: count",
    "middle": "per: client\nfunction: median\nvalue: value\nleast: 2",
    "rushed": "per: client\nfunction: ratio\npart: urgent\nwhere: urgent != null\nleast: 2\nunit: ratio",
    "worth": "function: sum\nvalue: value\nat: created_at\nunit: money",
    "costs": "function: sum\nvalue: cost",
    "slow": 'per: client\nat: stage_since\nwhere: \'stage in ["idea", "build"]\'\nfunction: max\n'
    "value: (now() - stage_since) / 1d / pace_days\nunit: times\ndigits: 1",
    "quiet_days": "per: client\nat: created_at\nfunction: since\nunit: days",
    "grown": "per: client\nat: created_at\nfunction: count\nempty: 0\nripe_days: 2",
}
SCORE = """\
score: fit
label: {zh: 契合度, en: Fit}
object: client
where: region != "south" or region == null
red: 40
green: 70
signals:
  - metric: jobs_lately   # 近期项目
    weight: 3
    bad: 0
    good: 4
    words: {zh: "近 30 天 {figure} 个项目", en: "{figure} jobs in 30 days"}
  - metric: rushed
    weight: 1
    bad: 1
    good: 0
    words: {zh: "加急占 {figure}", en: "{figure} rushed"}
outcome: {object: job, per: client, on: due_on, won: 'stage == "done"', lost: 'stage == "dropped"', days: 30}
"""
RULE = """\
rule: fit_fell
label: {zh: 契合度转红, en: Fit fell}
object: client
on: {turned: fit}
when: fit_color == "red" and old.fit_color == "amber"
do:
  - notify: {to: [owner], message: {zh: '{name} 只有 {fit} 分', en: '{name} is at {fit}'}}
"""


def files() -> dict[str, str]:
    """The lab's manifests with these."""
    found = {
        f"metrics/{name}.yaml": f"metric: {name}\nlabel: {{zh: 数, en: Figure}}\nobject: job\n{written}\n"
        for name, written in METRICS.items()
    }
    return manifests({**found, "scores/fit.yaml": SCORE, "rules/fit_fell.yaml": RULE})
