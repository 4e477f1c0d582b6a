"""Whose turn it is, shown on the queue alone."""

from hypothesis import given
from hypothesis import strategies as st

from trainer.executors.jobs import Job
from trainer.executors.turns import Turns


def waiting(*learners: str) -> Turns:
    turns = Turns()
    for learner in learners:
        turns.add(Job(learner=learner))
    return turns


def taken(turns: Turns) -> str:
    order = ""
    while job := turns.take():
        order += job.learner or "-"
    return order


def test_learners_take_turns_and_keep_their_own_order() -> None:
    assert taken(waiting("a", "a", "a", "b", "c", "b")) == "abcaba"


def test_a_learner_who_comes_later_does_not_wait_for_a_sweep() -> None:
    turns = waiting(*"aaaaa")
    turns.take()
    turns.add(Job(learner="b"))
    assert taken(turns) == "abaaa"


def test_jobs_without_a_learner_each_have_their_own_turn() -> None:
    assert taken(waiting("", "a", "", "a")) == "-a-a"


def test_light_jobs_go_ahead_in_their_order() -> None:
    turns = waiting("a", "b")
    first, second = Job(light=True, learner="x"), Job(light=True, learner="x")
    turns.add(first)
    turns.add(second)
    assert [turns.take(), turns.take()] == [first, second]
    assert taken(turns) == "ab"


def test_a_job_that_gave_up_leaves_no_trace() -> None:
    turns = waiting("a")
    job = Job(learner="b")
    turns.add(job)
    assert turns.discard(job)
    assert not turns.discard(job)
    assert (len(turns), taken(turns), len(turns)) == (1, "a", 0)


@given(st.lists(st.tuples(st.sampled_from(["", "a", "b", "c"]), st.booleans()), max_size=12))
def test_what_is_said_to_be_ahead_is_what_is_taken_before(asked: list[tuple[str, bool]]) -> None:
    turns = Turns()
    jobs = [Job(learner=learner, light=light) for learner, light in asked]
    for job in jobs:
        turns.add(job)
    said = {job: turns.ahead(job) for job in jobs}
    for place in range(len(jobs)):
        taken_now = turns.take()
        assert taken_now
        assert said[taken_now] == place


@given(st.lists(st.sampled_from("abcd"), max_size=40))
def test_nobody_is_served_twice_while_another_waits_unserved(learners: list[str]) -> None:
    order = taken(waiting(*learners))
    among = len(set(learners))
    assert sorted(order) == sorted(learners)
    assert len(set(order[:among])) == among
