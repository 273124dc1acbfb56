"""The main pages, each as somebody of the demo company sees it: what docs/screens shows and what the tests look at."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests.browser.desk import PATIENCE_MS, PHONE, PLACE, WIDE, Staff

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "screens"
Theme = Literal["light", "dark"]
SIZES = (WIDE, PHONE)
THEMES: tuple[Theme, ...] = ("light", "dark")
PAINTED = """new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done))).then(() => Promise.all(
    document.getAnimations().filter(one => one.effect.getTiming().iterations !== Infinity)
        .map(one => one.finished.catch(() => null)))).then(() => null)"""
"""Nothing is on its way to another colour or place any more."""
ONE_LINE = "len(name) <= 10"
"""What a record's name is on a phone, whichever record is the newest of the day's company."""
LEADS = """\
公司,姓名,手机,线索来源,热度
苏州明达精密制造有限公司,孙芳,13900139001,展会,热
无锡云帆智能装备有限公司,李强,13900139002,展会,温
常州启元新材料有限公司,王丽,13900139003,朋友圈,热
南通宏图纺织科技有限公司,,13900139004,展会,冷
"""
LOG = """\
商机编号,环节,发生时间,经办人,客户
A-1001,初步接触,2024-03-04 09:00,王芳,苏州明达精密制造有限公司
A-1001,需求分析,2024-03-11 14:20,王芳,苏州明达精密制造有限公司
A-1001,上门拜访,2024-03-12 10:00,李强,苏州明达精密制造有限公司
A-1002,初步接触,2024-03-05 16:45,李强,无锡云帆智能装备有限公司
A-1002,输单,2024-04-01 11:30,李强,无锡云帆智能装备有限公司
"""


@dataclass(frozen=True)
class Scene:
    """One page: who opens it, where, and what they do there before the picture.

    `drawn`: it shows what the audit draws by lot, what was sent since the morning, or how much of the month is over, so that
    it is filled otherwise each time.
    """

    name: str
    role: str
    path: str
    act: Callable[[Page], None] | None = None
    drawn: bool = False


def _refused_move(page: Page) -> None:
    """The form of what is missing, with the box of those who may go past the gate."""
    page.get_by_role("button", name="推进到「方案演示」").first.click()
    page.get_by_role("dialog").get_by_role("button", name="越过关卡").click()


def _tried_import(page: Page) -> None:
    """A trial run of a file of which some rows are refused."""
    page.locator("input[type=file]").first.set_input_files(
        {"name": "展会名单.csv", "mimeType": "text/csv", "buffer": LEADS.encode("gb18030")}
    )
    page.get_by_role("button", name="试运行").click()
    page.get_by_role("table").first.wait_for()


def _read_log(page: Page) -> None:
    """An event log in a table, its columns and activities recognised."""
    page.locator("input[type=file]").first.set_input_files(
        {"name": "商机台账.csv", "mimeType": "text/csv", "buffer": LOG.encode("gb18030")}
    )
    page.get_by_role("button", name="试运行").wait_for()


def _create(page: Page) -> None:
    page.keyboard.press("c")
    page.get_by_role("dialog").wait_for()


def _palette(page: Page) -> None:
    page.keyboard.press("ControlOrMeta+k")
    page.get_by_role("dialog").get_by_role("combobox").fill("华")
    page.get_by_role("option").first.wait_for()


def _open_thread(page: Page) -> None:
    """The conversation that the list begins with."""
    page.get_by_role("main").locator("ul button").first.click()
    page.get_by_role("main").get_by_role("article").wait_for()


def _write_from_record(page: Page) -> None:
    """The composer over a record, with a letter filled in from it."""
    page.get_by_role("button", name="写邮件").click()
    page.get_by_role("dialog").get_by_role("textbox", name="正文").wait_for()
    page.get_by_role("combobox", name="套用模板").click()
    page.get_by_title("方案与报价").last.click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("textbox", name="正文")).not_to_have_value("")
    expect(dialog.get_by_role("status")).to_have_text("草稿已保存")


def _from_the_menu(entry: str) -> Callable[[Page], None]:
    """What an entry of a record's menu opens."""

    def act(page: Page) -> None:
        page.get_by_role("button", name="更多操作").first.click()
        page.get_by_role("menuitem", name=entry).click()
        page.get_by_role("dialog").wait_for()

    return act


def _filter(page: Page) -> None:
    page.get_by_role("button", name="筛选").first.click()
    page.get_by_role("button", name="添加条件").first.click()


SCENES = (
    Scene("home", "rep", "/"),
    Scene("home-manager", "manager", "/"),
    Scene("audit", "admin", "/audit"),
    Scene("process", "sales_ops", "/process"),
    Scene("process-map", "manager", "/process/sales?tab=map"),
    Scene("process-comparison", "sales_ops", "/process/sales?tab=comparison"),
    Scene("process-step", "sales_ops", "/process/sales?step=architecture_confirmed"),
    Scene("audits", "sales_ops", "/audits", drawn=True),
    Scene("audit-draws", "sales_ops", "/audits?tab=draws", drawn=True),
    Scene("tokens", "rep", "/settings/tokens"),
    Scene("list", "rep", "/records/opportunity?view=opportunity_mine"),
    Scene("board", "rep", "/records/opportunity?view=opportunity_board"),
    Scene("record", "rep", "/records/opportunity/{discovery}"),
    Scene("form", "manager", "/records/opportunity/{discovery}?tab=gate", _refused_move),
    Scene("timeline", "rep", "/records/opportunity/{discovery}?tab=timeline"),
    Scene("files", "rep", "/records/opportunity/{discovery}?tab=files"),
    Scene("account", "rep", "/records/account/{account}"),
    Scene("scores", "csm", "/scores/health"),
    Scene("tuning", "sales_ops", "/scores/health/tuning"),
    Scene("create", "rep", "/records/opportunity?view=opportunity_mine", _create),
    Scene("import", "sales_ops", "/records/lead/import", _tried_import),
    Scene("log", "sales_ops", "/import/log", _read_log),
    Scene("jobs", "sales_ops", "/jobs"),
    Scene("groups", "manager", "/records/opportunity?view=opportunity_team&group=stage"),
    Scene("filter", "manager", "/records/opportunity?view=opportunity_team", _filter),
    Scene("calendar", "rep", "/calendar", drawn=True),
    Scene("agenda", "rep", "/records/task?view=task_agenda"),
    Scene("notifications", "rep", "/notifications", drawn=True),
    Scene("settings", "rep", "/settings"),
    Scene("notices", "rep", "/settings/notifications"),
    Scene("outlets", "admin", "/settings/outlets"),
    Scene("deliveries", "admin", "/settings/outlets?tab=log", drawn=True),
    Scene("pool", "rep", "/pool"),
    Scene("conflicts", "manager", "/conflicts"),
    Scene("handover", "manager", "/handover/{leaver}"),
    Scene("share", "manager", "/records/opportunity/{discovery}", _from_the_menu("共享")),
    Scene("access", "manager", "/records/opportunity/{discovery}", _from_the_menu("谁能看到")),
    Scene("mail", "rep", "/mail", _open_thread),
    Scene("composer", "rep", "/records/opportunity/{discovery}", _write_from_record),
    Scene("mail-accounts", "rep", "/settings/mail"),
    Scene("palette", "rep", "/records/account", _palette),
)


@contextmanager
def stage(browser: Browser, staff: Staff, role: str, size: ViewportSize) -> Iterator[Page]:
    """A page of a browser in which the role is logged in."""
    context = browser.new_context(
        base_url=staff.url,
        viewport=size,
        locale="zh-CN",
        timezone_id=PLACE,
        reduced_motion="reduce",
        service_workers="block",
        has_touch=size is PHONE,
    )
    staff.log_in(context, role)
    context.set_default_timeout(PATIENCE_MS)
    yield context.new_page()
    context.close()


def looks(page: Page, scene: Scene) -> Iterator[tuple[Theme, Path, bytes]]:
    """Go to the scene, and see it in each theme: where its picture is kept, and what it is now, as PNG."""
    page.emulate_media(color_scheme="light")
    page.goto(scene.path.format_map(_Records(page)))
    expect(page.locator("main h1, h1").first).to_be_visible()
    _settle(page)
    if scene.act is not None:
        scene.act(page)
        _settle(page)
    for theme in THEMES:
        wear(page, theme)
        size = page.viewport_size or WIDE
        yield theme, FOLDER / f"{scene.name}-{size['width']}-{theme}.webp", page.screenshot()


def wear(page: Page, theme: Theme) -> None:
    """Turn the page to a theme, and wait until it has it everywhere."""
    page.emulate_media(color_scheme=theme)
    expect(page.locator("html")).to_have_attribute("data-theme", theme)
    page.evaluate(PAINTED)


def _settle(page: Page) -> None:
    """Wait until nothing is loading any more."""
    page.wait_for_load_state("networkidle")
    expect(page.locator("[class*=bone]")).to_have_count(0)
    page.evaluate("document.fonts.ready")


class _Records(dict[str, str]):
    """The ids of records of the logged-in person that scenes show, each asked for once."""

    def __init__(self, page: Page) -> None:
        super().__init__()
        self._request = page.context.request

    def __missing__(self, name: str) -> str:
        query: dict[str, dict[str, Any]] = {
            "discovery": {
                "object": "opportunity",
                "filter": f'owner.username == "rep" and stage == "discovery" and amount > 0 and {ONE_LINE}',
            },
            "account": {"object": "account", "filter": f"open_opportunity_count > 0 and {ONE_LINE}"},
            "leaver": {"object": "user", "filter": 'username == "rep"'},
        }
        asked = dict(query[name])
        answer = self._request.get(
            f"/api/records/{asked.pop('object')}", params={**asked, "sort": "-updated_at", "limit": "1"}
        )
        return str(answer.json()["items"][0]["id"])
