"""Errands for a loop, from other threads."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from passerby.run.errands import STOPPING, Errands


def test_errands_are_done_in_their_order_by_whoever_runs_them() -> None:
    woken: list[int] = []
    errands = Errands(lambda: woken.append(1))
    done: list[str] = []

    def do(name: str, said: str) -> str:
        done.append(name)
        return said

    first = errands.ask(lambda: do("first", ""))
    second = errands.ask(lambda: do("second", "no."))
    assert (len(woken), done, first.done()) == (2, [], False)
    errands.run()
    assert done == ["first", "second"]
    assert (first.result(0), second.result(0)) == ("", "no.")


def test_who_asks_at_the_end_is_refused_and_never_left_waiting() -> None:
    errands = Errands(lambda: None)
    before = errands.ask(lambda: "done")
    errands.close()
    after = errands.ask(lambda: "done")
    assert (before.result(0), after.result(0)) == (STOPPING, STOPPING)


def test_nobody_is_left_waiting_whoever_comes_first() -> None:
    with ThreadPoolExecutor(3) as pool:
        for _ in range(50):
            errands = Errands(lambda: None)
            asking = [pool.submit(errands.ask, lambda: "done") for _ in range(2)]
            pool.submit(errands.close).result()
            assert [asked.result().result(0) for asked in asking] == [STOPPING] * 2
