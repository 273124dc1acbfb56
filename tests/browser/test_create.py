from playwright.sync_api import expect

from tests.browser.desk import Desk
from tests.browser.given import a_name


def test_says_at_the_field_what_is_missing_and_what_is_wrong(desk: Desk) -> None:
    name = a_name("新客户")
    page = desk.open("rep", "/records/account", refusals={422})
    page.get_by_role("button", name="新建客户").click()
    form = page.get_by_role("dialog", name="新建客户")
    form.get_by_label("网站").fill("ftp://nowhere")
    form.get_by_role("button", name="新建", exact=True).click()
    expect(form.get_by_role("alert")).to_have_text("必填")
    expect(form.get_by_label("客户名称")).to_be_focused()

    form.get_by_label("客户名称").fill(name)
    form.get_by_role("button", name="新建", exact=True).click()
    expect(form.get_by_role("alert")).to_contain_text("http")
    assert desk.api("rep").json("GET", "/api/records/account", params={"q": name})["items"] == []

    form.get_by_label("网站").fill("https://example.com")
    form.get_by_role("button", name="新建", exact=True).click()
    expect(page.get_by_role("heading", name=name, level=1)).to_be_visible()


def test_goes_on_to_the_next_record_when_asked(desk: Desk) -> None:
    name = a_name("连续新建")
    page = desk.open("rep", "/records/account")
    expect(page.get_by_role("button", name="新建客户")).to_be_visible()
    page.keyboard.press("c")
    form = page.get_by_role("dialog", name="新建客户")
    form.get_by_role("checkbox", name="继续新建").check()
    for number in (1, 2):
        form.get_by_label("客户名称").fill(f"{name}-{number}")
        form.get_by_role("button", name="新建", exact=True).click()
        expect(form.get_by_label("客户名称")).to_have_value("")
    found = desk.api("rep").json("GET", "/api/records/account", params={"q": name})["items"]
    assert sorted(account["name"] for account in found) == [f"{name}-1", f"{name}-2"]


def test_what_was_typed_is_there_when_the_form_is_opened_again(desk: Desk) -> None:
    page = desk.open("rep", "/records/account")
    page.get_by_role("button", name="新建客户").click()
    form = page.get_by_role("dialog", name="新建客户")
    form.get_by_label("客户名称").fill("还没填完的客户")
    page.reload()
    page.get_by_role("button", name="新建客户").click()
    expect(form.get_by_label("客户名称")).to_have_value("还没填完的客户")
    form.get_by_role("button", name="重新填写").click()
    expect(form.get_by_label("客户名称")).to_have_value("")


def test_a_task_is_made_for_a_colleague_who_hears_of_it(desk: Desk) -> None:
    subject = a_name("备标书")
    rep = desk.api("rep")
    me = rep.json("GET", f"/api/records/user/{rep.me['id']}")
    mates = rep.json(
        "GET", "/api/records/user", params={"filter": f'team.id == "{me["team"]}" and id != me', "limit": 1}
    )
    [mate] = mates["items"]
    page = desk.open("rep", "/records/task")
    page.get_by_role("button", name="新建任务").click()
    form = page.get_by_role("dialog", name="新建任务")
    form.locator("#new-subject").fill(subject)
    expect(form.get_by_text(rep.me["name"], exact=True)).to_be_visible()
    form.get_by_label("负责人").fill(mate["name"])
    page.get_by_title(mate["name"], exact=True).filter(visible=True).last.click()
    form.get_by_role("button", name="新建", exact=True).click()
    expect(page.get_by_role("heading", name=subject, level=1)).to_be_visible()

    [task] = rep.json("GET", "/api/records/task", params={"q": subject})["items"]
    assert task["owner"] == mate["id"]
