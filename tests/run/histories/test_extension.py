"""A set adds its definitions to those in force, and to lists in them, every other byte as it was."""

from chengdan.run.histories.extension import extended

ROLE = """\
role: rep
label: {zh: 销售, en: Rep}  # 备注
grants:
  - object: account
    read: [own]
# 结尾
"""
TASK = "object: task\nfields: [{name: subject, type: text}]\n"
GRANTS = "role: rep\ngrants:\n  - {object: account, read: [all]}\n  - {object: offer, read: [own], create: [own]}\n"
FIELDS = "object: task\nfields:\n  - {name: offer, label: {zh: 报价, en: Offer}}\n"


def test_what_is_not_there_is_added_and_what_is_there_stays() -> None:
    found = extended({"rules/a.yaml": "old"}, {"rules/a.yaml": "new", "rules/b.yaml": "new"})

    assert found == {"rules/a.yaml": "old", "rules/b.yaml": "new"}


def test_a_role_gets_the_grants_that_it_lacks() -> None:
    found = extended({"roles/rep.yaml": ROLE}, {"roles/rep.yaml": GRANTS})["roles/rep.yaml"]

    assert found == ROLE + "  - {object: offer, read: [own], create: [own]}\n"
    assert extended({"roles/rep.yaml": found}, {"roles/rep.yaml": GRANTS})["roles/rep.yaml"] == found


def test_an_object_gets_the_fields_that_it_lacks_on_the_line_of_the_others() -> None:
    found = extended({"objects/task.yaml": TASK}, {"objects/task.yaml": FIELDS})

    assert found == {
        "objects/task.yaml": "object: task\nfields: [{name: subject, type: text}, "
        "{name: offer, label: {zh: 报价, en: Offer}}]\n"
    }


def test_what_only_adds_is_left_out_where_there_is_nothing_to_add_to() -> None:
    assert extended({}, {"roles/rep.yaml": GRANTS, "objects/task.yaml": FIELDS}) == {}
    assert extended({}, {"roles/rep.yaml": ROLE}) == {"roles/rep.yaml": ROLE}
