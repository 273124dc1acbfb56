"""Comments and followers: within the record's reach, told to whom they concern, and never gone without a trace."""

from collections.abc import Iterator

import pytest

from chengdan.base.ids import new_id
from chengdan.kernel.access import Principal
from chengdan.run.audience import followers_of
from chengdan.run.channels import COMMENTED, Chosen, choose
from chengdan.run.commands import Archive, Comment, EditComment, Follow, Merge, RemoveComment
from chengdan.run.comments import BadComment, MentionUnseeing, NotYourComment, comments_of
from chengdan.run.errors import NotFound, RecordArchived
from chengdan.run.timeline import Sought, timeline
from tests.databases import Databases
from tests.lab.lab import FANG, HEAD, KEEPER, LIU, MING, PEOPLE, Lab, Row, open_lab


@pytest.fixture
def lab(databases: Databases, lab_database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    with databases.fresh(lab_database) as url, open_lab(url, tmp_path_factory.mktemp("comments")) as lab:
        for person in PEOPLE:
            lab.query(
                'UPDATE data."user" SET roles = %s WHERE id = %s RETURNING id',
                sorted(person.roles),
                person.user,
            )
        yield lab


def texts(lab: Lab, who: Principal, job: Row, object: str = "job") -> list[str]:
    with lab.runtime.reader(who) as reader:
        return [one["text"] for one in comments_of(reader, object, job["id"])["items"]]


def followers(lab: Lab, job: Row, object: str = "job") -> list[str]:
    with lab.runtime.reader(KEEPER) as reader:
        return [one["label"] for one in followers_of(reader, object, job["id"])["items"]]


def test_a_comment_is_told_to_the_mentioned_the_owner_and_the_followers_once_each(lab: Lab) -> None:
    job = lab.create(MING, "job", name="改造")
    lab.act(KEEPER, Follow("job", job["id"]))
    lab.act(HEAD, Comment("job", job["id"], "  请 @fang 看看\n价格 ", (FANG.user, FANG.user)))

    assert texts(lab, FANG, job) == ["请 @fang 看看\n价格"]
    assert lab.notifications(FANG) == ["head 在「改造」中提到了您：请 @fang 看看 价格"]
    assert lab.notifications(MING) == ["head 评论了「改造」：请 @fang 看看 价格"]
    assert lab.notifications(KEEPER) == ["head 评论了「改造」：请 @fang 看看 价格"]
    assert lab.notifications(HEAD) == []
    assert followers(lab, job) == ["keeper", "head"]


def test_whoever_may_not_see_the_record_can_t_be_mentioned_nor_comment_nor_follow(lab: Lab) -> None:
    job = lab.create(MING, "job", name="改造")
    refused = lab.refused(MentionUnseeing, MING, Comment("job", job["id"], "@liu", (LIU.user,)))

    assert refused.data["name"] == "liu"
    lab.refused(NotFound, LIU, Comment("job", job["id"], "我也来"))
    lab.refused(NotFound, LIU, Follow("job", job["id"]))
    assert texts(lab, MING, job) == []
    assert lab.kinds(job["id"]) == ["record.created"]
    assert lab.notifications(LIU) == []


def test_a_follower_who_no_longer_sees_the_record_is_not_told(lab: Lab) -> None:
    job = lab.create(MING, "job", name="改造")
    lab.act(FANG, Follow("job", job["id"]))
    moved_away = lab.update(KEEPER, "job", job, owner=str(LIU.user), team=str(LIU.teams[0]))
    lab.act(KEEPER, Comment("job", moved_away["id"], "只给华南看"))

    assert followers(lab, job) == ["fang", "keeper"]
    assert [text for text in lab.notifications(FANG) if "只给华南看" in text] == []
    assert [text for text in lab.notifications(LIU) if "只给华南看" in text] != []


def test_whoever_turned_comments_off_hears_only_of_mentions(lab: Lab) -> None:
    job = lab.create(MING, "job", name="改造")
    with lab.runtime.unit(MING) as unit:
        choose(unit, {COMMENTED: Chosen(in_app=False, toast=None)})
    lab.act(KEEPER, Comment("job", job["id"], "一般的话"))
    lab.act(KEEPER, Comment("job", job["id"], "@ming 看看", (MING.user,)))

    assert lab.notifications(MING) == ["keeper 在「改造」中提到了您：@ming 看看"]


def test_followers_are_told_of_a_move_by_others(lab: Lab) -> None:
    job = lab.create(MING, "job", name="改造")
    lab.act(FANG, Follow("job", job["id"]))
    lab.act(MING, Follow("job", job["id"]))
    before = lab.notifications(MING)
    lab.move(KEEPER, job, "dropped", override_reason="客户取消", reason="客户取消")

    assert "「改造」进入「" in lab.notifications(FANG)[0]
    assert len(lab.notifications(MING)) > len(before)
    lab.act(FANG, Follow("job", job["id"], on=False))
    assert followers(lab, job) == ["ming"]


def test_an_edited_and_a_removed_comment_stay_in_the_journal(lab: Lab) -> None:
    job = lab.create(MING, "job", name="改造")
    id = new_id()
    lab.act(MING, Comment("job", job["id"], "报价 10 万", comment=id))
    lab.act(MING, Comment("job", job["id"], "报价 10 万", comment=id))
    lab.refused(NotYourComment, HEAD, EditComment("job", job["id"], id, "改"))
    lab.refused(NotYourComment, HEAD, RemoveComment("job", job["id"], id))
    lab.act(MING, EditComment("job", job["id"], id, "报价 12 万"))
    assert texts(lab, HEAD, job) == ["报价 12 万"]

    lab.act(MING, RemoveComment("job", job["id"], id))
    assert texts(lab, HEAD, job) == []
    lab.refused(NotFound, MING, EditComment("job", job["id"], id, "回来"))
    told = [(kind, data) for kind, data in lab.events(job["id"]) if kind.startswith("comment.")]
    assert [kind for kind, _ in told] == ["comment.added", "comment.edited", "comment.removed"]
    assert (told[0][1]["text"], told[1][1]["old"], told[2][1]["text"]) == (
        "报价 10 万",
        "报价 10 万",
        "报价 12 万",
    )
    with lab.runtime.reader(HEAD) as reader:
        page = timeline(reader, "job", job["id"], Sought(kinds=("comments",)))
    assert "万" not in str(page)


def test_what_is_no_comment_is_refused(lab: Lab) -> None:
    job = lab.create(MING, "job", name="改造")
    lab.refused(BadComment, MING, Comment("job", job["id"], " \n "))
    lab.refused(BadComment, MING, Comment("job", job["id"], "长" * 5_001))
    lab.act(KEEPER, Archive("job", job["id"]))
    lab.refused(RecordArchived, MING, Comment("job", job["id"], "晚了"))


def test_comments_and_followers_go_along_in_a_merge(lab: Lab) -> None:
    target, source = (lab.create(MING, "client", name=name, region="east") for name in ("甲", "乙"))
    lab.act(MING, Comment("client", source["id"], "老朋友"))
    lab.act(FANG, Follow("client", target["id"]))
    lab.act(HEAD, Merge("client", target["id"], source["id"]))

    assert texts(lab, MING, target, "client") == ["老朋友"]
    assert followers(lab, target, "client") == ["ming", "fang"]
    assert followers(lab, source, "client") == []
    with lab.runtime.reader(MING) as reader:
        page = timeline(reader, "client", target["id"], Sought(kinds=("comments",)))
    assert [item["comment"]["text"] for item in page["items"]] == ["老朋友"]
