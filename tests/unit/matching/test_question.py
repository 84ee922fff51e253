"""Worries and questions: one of the staff takes each, and who asked gets one answer."""

from datetime import timedelta

from services.matching.domain import question as questions
from services.matching.domain.log import Stamp
from services.matching.domain.question import Question, QuestionStatus
from shared.contracts.desk import Side
from shared.contracts.desk_sponsorships import QuestionKind
from shared.contracts.matching_sponsorships import QuestionRefused
from shared.contracts.notifications import RequestMessage
from shared.messaging import Facts

from .builders import NOW, details, names

MINE, YOURS = Stamp("staff-01", NOW), Stamp("staff-02", NOW)


def question(text: str = "Where is the library?", *, urgent: bool = False) -> Question:
    kind = QuestionKind.QUESTION
    return Question("question-1", "match-1", Side.HOUSEHOLD, kind, text, urgent, MINE)


def taken() -> Question:
    return questions.take(question(), MINE)[0]


def answered() -> Question:
    return questions.answer(taken(), "In the centre.", MINE, None)[0]


def reasons(facts: Facts) -> list[str]:
    return [fact.reason for fact in facts if isinstance(fact, QuestionRefused)]


def test_the_text_stays_with_the_office() -> None:
    _, facts = questions.ask(question())
    assert names(facts) == ["QuestionOpened"]
    assert "library" not in str(facts)


def test_the_same_reference_is_one_question() -> None:
    assert questions.ask_again(question(), question()) == (question(), ())
    _, facts = questions.ask_again(question(), question("Something else?"))
    assert reasons(facts) == ["the reference is taken by another question"]


def test_of_two_who_take_it_the_second_hears_so() -> None:
    _, facts = questions.take(taken(), YOURS)
    assert reasons(facts) == ["a colleague took this question on already"]
    assert questions.take(taken(), MINE) == (taken(), ())


def test_who_asked_gets_the_answer() -> None:
    after, facts = questions.answer(taken(), "In the centre.", MINE, details().contact)
    assert after.status is QuestionStatus.ANSWERED
    [mail] = [fact for fact in facts if isinstance(fact, RequestMessage)]
    assert (mail.template, mail.values) == ("question_answered", {"answer": "In the centre."})


def test_who_answers_an_open_question_takes_it_on() -> None:
    after, _ = questions.answer(question(), "In the centre.", YOURS, None)
    assert after.taken == YOURS


def test_nobody_answers_for_a_colleague_or_twice() -> None:
    assert reasons(questions.answer(taken(), "Here.", YOURS, None)[1])
    assert reasons(questions.answer(answered(), "Here.", MINE, None)[1])
    assert reasons(questions.take(answered(), MINE)[1])


def test_an_urgent_question_is_overdue_sooner() -> None:
    assert question().due == NOW + timedelta(days=3)
    assert question(urgent=True).due == NOW + timedelta(days=1)


def test_only_what_has_no_answer_is_overdue() -> None:
    assert names(questions.remind(taken())) == ["QuestionOverdue"]
    assert questions.remind(answered()) == ()
