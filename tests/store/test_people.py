"""What is remembered about people, and when it is asked again."""

from uuid import UUID

from chengdan.store.people import People

FIRST, SECOND = [UUID(int=1)], [UUID(int=2)]


def test_a_question_is_asked_once() -> None:
    people = People()

    assert people.remembered("lead", lambda: FIRST) == FIRST
    assert people.remembered("lead", lambda: SECOND) == FIRST
    assert people.remembered("other", lambda: SECOND) == SECOND


def test_it_is_asked_again_when_people_changed() -> None:
    people = People()
    people.remembered("lead", lambda: FIRST)

    people.forget()

    assert people.remembered("lead", lambda: SECOND) == SECOND


def test_an_answer_that_comes_after_people_changed_is_not_kept() -> None:
    people = People()

    def slow() -> list[UUID]:
        people.forget()
        return FIRST

    assert people.remembered("lead", slow) == FIRST
    assert people.remembered("lead", lambda: SECOND) == SECOND
