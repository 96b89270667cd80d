"""The clock turns an answer into *unknown* and into nothing else, wherever it strikes."""

from __future__ import annotations

import gc
import signal
import threading
import time

import pytest

import derive
from derive import clock
from derive.clock import OutOfTime, part, paused, remaining, tick, within
from derive.deciding import statements
from derive.deciding.statements import INCONSISTENT, LATE
from tests.search.claims import CLAIMS, Claim

SAMPLE = CLAIMS[5::40]


def busy(seconds: float) -> None:
    """Use the processor, and ask the clock, for longer than anybody waits."""
    began = time.thread_time()
    while time.thread_time() - began < seconds:
        tick()


def test_a_loop_that_asks_the_clock_is_stopped() -> None:
    began = time.thread_time()
    with pytest.raises(OutOfTime), within(0.05):
        busy(5)
    assert time.thread_time() - began < 1
    assert remaining() is None
    tick()


def test_a_loop_that_does_not_ask_is_stopped_in_the_main_thread() -> None:
    began = time.thread_time()
    with pytest.raises(OutOfTime), within(0.05):
        sum(number * number for number in range(10**9))
    assert time.thread_time() - began < 1


def test_time_on_the_wall_counts_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "SLACK", 2.0)
    began = time.thread_time()
    with pytest.raises(OutOfTime), within(0.1):
        for _ in range(500):
            time.sleep(0.01)
            tick()
    assert time.thread_time() - began < 0.1


def test_of_nested_times_the_earliest_counts() -> None:
    with within(0.3):
        with pytest.raises(OutOfTime), part(0.2):
            busy(5)
        left = remaining()
        assert left is not None and 0.1 < left < 0.29
        with pytest.raises(OutOfTime), within(50):
            busy(5)
    with within(None):
        assert remaining() is None


def test_another_thread_has_its_own_time() -> None:
    found: list[object] = []

    def question() -> None:
        found.append(remaining())
        try:
            with within(0.05):
                busy(5)
        except OutOfTime:
            found.append("over")

    with within(60):
        thread = threading.Thread(target=question)
        thread.start()
        thread.join()
    assert found == [None, "over"]


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="the platform has no such timer")
def test_nobody_elses_timer_is_touched() -> None:
    rung: list[int] = []
    kept = signal.signal(signal.SIGVTALRM, lambda *_: rung.append(1))
    try:
        signal.setitimer(signal.ITIMER_VIRTUAL, 50)
        with pytest.raises(OutOfTime), within(0.05):
            busy(5)
        assert signal.getitimer(signal.ITIMER_VIRTUAL)[0] > 1
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, kept)
    before = signal.getsignal(signal.SIGVTALRM)
    with within(1):
        assert signal.getsignal(signal.SIGVTALRM) is not before
    assert signal.getsignal(signal.SIGVTALRM) is before and not rung


def endlessly(*_: object, **__: object) -> None:
    """A part of the engine that never comes to an end."""
    while True:
        tick()


@pytest.mark.parametrize("claim", SAMPLE, ids=lambda claim: claim.statement[:60])
def test_the_clock_only_makes_answers_unknown(claim: Claim) -> None:
    """Struck anywhere, a verdict is the full one or unknown; and the full one afterwards is what it always was."""
    full = derive.check(claim.statement, given=claim.given, timeout=None)
    for seconds in (0.002, 0.01, 0.05):
        found = derive.check(claim.statement, given=claim.given, timeout=seconds)
        assert found.status in ("unknown", full.status)
        if found.status != full.status:
            assert LATE in found.tried
    again = derive.check(claim.statement, given=claim.given, timeout=None)
    assert (again.status, again.because, again.provided) == (full.status, full.because, full.provided)
    assert str(again.counterexample) == str(full.counterexample)


def test_what_is_false_is_refuted_where_no_proof_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(statements, "shortly", endlessly)
    monkeypatch.setattr(statements, "at_length", endlessly)
    began = time.thread_time()
    found = derive.check(r"p(x, y) = p(x)\, p(x \mid y)", timeout=0.8)
    assert found.status == "refuted" and found.counterexample is not None
    assert time.thread_time() - began < 0.8
    found = derive.check(r"p(x, y) = p(x)\, p(y \mid x)", timeout=0.3)
    assert found.status == "unknown" and LATE in found.tried


def test_a_proof_without_a_world_for_its_givens_in_time_is_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(statements, "tried", endlessly)
    found = derive.check("a + a = 2 a", given=["a > 0"], timeout=0.2)
    assert found.status == "unknown" and INCONSISTENT in found.tried and LATE in found.tried


def test_the_links_of_a_chain_share_the_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(statements, "shortly", endlessly)
    monkeypatch.setattr(statements, "at_length", endlessly)
    began = time.thread_time()
    found = derive.check(r"p(x, y) = p(y, x) \, 1 = p(x)\, p(y \mid x) = 2 p(x, y)", timeout=0.9)
    assert time.thread_time() - began < 1
    assert [link.status for link in found.links] == ["proved", "unknown", "refuted"]


def test_a_suggestion_has_a_time_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    found = derive.check("(a + b)^2 = a^2 + b^2", timeout=0.5)
    from derive.deciding import suggestions

    monkeypatch.setattr(suggestions, "decide_statement", endlessly)
    began = time.thread_time()
    assert found.status == "refuted" and found.suggestion is None
    assert time.thread_time() - began < 0.7
    assert derive.check("(a + b)^2 = a^2 + b^2", timeout=None).nearby.keywords["timeout"] is None


def test_what_is_made_once_for_all_takes_no_time_of_a_question() -> None:
    with within(0.2), part(0.9):
        before = remaining()
        with paused():
            assert remaining() is None
            busy(0.3)
        after = remaining()
        assert before is not None and after is not None and after > 0.5 * before
        with pytest.raises(OutOfTime):
            busy(5)


def test_nothing_is_raised_where_garbage_is_collected() -> None:
    """What a callback of the collector raises is lost: the time is up there, and is looked at again after it."""
    seen = []

    def slowly(phase: str, _: object) -> None:
        began = time.process_time()
        while phase == "start" and time.process_time() - began < 0.3:
            pass
        seen.append(phase)

    gc.callbacks.append(slowly)
    try:
        with pytest.raises(OutOfTime), within(0.05):
            gc.collect()
            while True:
                pass
    finally:
        gc.callbacks.remove(slowly)
    assert seen[:2] == ["start", "stop"]
