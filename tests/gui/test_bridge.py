"""Engine thread and event pipe: nothing is lost silently, nothing dies silently."""

import asyncio
import sys
import threading
import time

import picture_world as world
import pytest
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QLabel

from app.bridge.background import Background
from app.bridge.engine_thread import EngineThread, idle
from app.bridge.event_pipe import MOST_A_TICK, EventPipe
from app.bridge.responsive import SHORT_TURN, Responsive
from app.domain.commands import JobState

pytestmark = pytest.mark.gui


def a_record(number=0):
    return world.record(number, world.NOW)


class Told:
    """Remembers what the window was told, and on which thread."""

    def __init__(self):
        self.values = []
        self.threads = set()

    def __call__(self, value=None):
        self.values.append(value)
        self.threads.add(threading.current_thread())


# --- the pipe ------------------------------------------------------------------------------------


def test_a_tick_takes_a_bounded_batch(pipe):
    batches = Told()
    pipe.records.connect(batches)
    for number in range(MOST_A_TICK + 5):
        pipe.record(a_record(number))
    pipe.drain()
    pipe.drain()
    assert [len(batch) for batch in batches.values] == [MOST_A_TICK, 5]


def test_what_does_not_fit_is_counted(qapp):
    pipe = EventPipe(capacity=10)
    lost = Told()
    pipe.records_dropped.connect(lost)
    for number in range(25):
        pipe.record(a_record(number))
    pipe.drain()
    pipe.stop()
    assert lost.values == [15]
    assert pipe.dropped == 15


def test_of_progress_only_the_newest_arrives(pipe):
    seen = Told()
    pipe.progress_changed.connect(seen)
    for done in (1, 2, 3):
        pipe.progress(world.syncing(done=done))
    pipe.drain()
    assert [progress.done for progress in seen.values] == [3]


def test_no_progress_of_a_cycle_after_its_end(pipe):
    order = []
    pipe.progress_changed.connect(lambda _: order.append("progress"))
    pipe.cycle_ended.connect(lambda _: order.append("end"))
    pipe.records.connect(lambda _: order.append("records"))
    pipe.record(a_record())
    pipe.cycle_finished(world.cycle(1, world.LAST, world.syncing().counts))
    pipe.progress(world.syncing())
    assert world.syncing().cycle == "c-1"
    pipe.drain()
    assert order == ["records", "end"]


def test_turns_are_short_while_a_cycle_runs(pipe):
    usual = sys.getswitchinterval()
    pipe.job_changed(JobState(enabled=True, running=True))
    assert sys.getswitchinterval() == pytest.approx(SHORT_TURN)
    pipe.job_changed(JobState(enabled=True, running=False))
    assert sys.getswitchinterval() == pytest.approx(usual)


def test_work_inside_a_cycle_does_not_end_its_short_turns():
    usual = sys.getswitchinterval()
    responsive = Responsive()
    responsive.cycle_runs(running=True)
    responsive.begin()
    responsive.end()
    assert sys.getswitchinterval() == pytest.approx(SHORT_TURN)
    responsive.cycle_runs(running=False)
    assert sys.getswitchinterval() == pytest.approx(usual)


# --- the thread ----------------------------------------------------------------------------------


def test_an_answer_comes_back_on_the_window_s_thread(qtbot, pipe):
    engine = EngineThread(idle, pipe)
    engine.start()
    where, answer, trouble = [], Told(), Told()

    async def ask():
        where.append(threading.current_thread())
        await asyncio.sleep(0)
        return 42

    engine.submit(ask, answer, trouble)
    qtbot.waitUntil(lambda: answer.values == [42], timeout=3000)
    assert engine.shutdown()
    assert trouble.values == []
    assert answer.threads == {threading.current_thread()}
    assert where[0] is not threading.current_thread()


def test_an_error_comes_back_too(qtbot, pipe):
    engine = EngineThread(idle, pipe)
    engine.start()
    answer, trouble = Told(), Told()

    async def fail():
        raise OSError("no route")

    engine.submit(fail, answer, trouble)
    qtbot.waitUntil(lambda: len(trouble.values) == 1, timeout=3000)
    assert engine.shutdown()
    assert isinstance(trouble.values[0], OSError)
    assert answer.values == []


def test_an_exception_that_leaves_main_reaches_the_window(qtbot, pipe):
    crash, end = Told(), Told()

    async def main(context):
        raise ZeroDivisionError("a bug")

    engine = EngineThread(main, pipe, on_crash=crash, on_end=end)
    engine.start()
    qtbot.waitUntil(lambda: len(end.values) == 1, timeout=3000)
    assert isinstance(crash.values[0], ZeroDivisionError)
    assert engine.wait(1000)


def test_a_wait_ends_at_once_when_the_stop_is_asked_for(qtbot, pipe):
    ended = []

    async def main(context):
        ended.append(await context.stop.wait(60))

    engine = EngineThread(main, pipe)
    engine.start()
    engine.context()
    began = time.monotonic()
    assert engine.shutdown()
    assert time.monotonic() - began < 2
    assert ended == [True]


def test_who_does_not_listen_is_cancelled_once(qtbot, pipe):
    cancels = []

    async def main(context):
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            cancels.append(1)
            raise

    crash = Told()
    engine = EngineThread(main, pipe, on_crash=crash)
    engine.start()
    engine.context()
    assert engine.shutdown(grace_seconds=0.2)
    pipe.drain()
    assert cancels == [1]
    assert crash.values == []


def test_a_stop_ends_what_was_submitted(qtbot, pipe):
    engine = EngineThread(idle, pipe)
    engine.start()
    answer, began = Told(), threading.Event()

    async def long():
        began.set()
        await asyncio.sleep(60)

    engine.submit(long, answer, answer)
    assert began.wait(3)
    assert engine.shutdown()
    pipe.drain()
    assert answer.values == []


def test_posting_to_an_ended_thread_is_harmless(qtbot, pipe):
    async def main(context):
        return

    engine = EngineThread(main, pipe)
    engine.start()
    assert engine.wait(3000)
    engine.post(lambda: None)
    assert engine.shutdown()


# --- the worker ----------------------------------------------------------------------------------


def test_reads_answer_in_order_and_never_after_the_end(qtbot, pipe):
    background = Background(pipe)
    seen = Told()
    background.run(lambda: 1, seen, seen)
    background.run(lambda: 1 / 0, seen, seen)
    qtbot.waitUntil(lambda: len(seen.values) == 2, timeout=3000)
    background.run(lambda: 3, seen, seen)
    background.close()
    pipe.drain()
    assert seen.values[0] == 1
    assert isinstance(seen.values[1], ZeroDivisionError)
    assert len(seen.values) == 2


# --- Qt itself -----------------------------------------------------------------------------------


class Emitter(QObject):
    said = Signal(int)


def test_qt_keeps_the_reference_counts(qtbot):
    """PySide6 6.12.0 on Python 3.11 loses references of None and aborts after some 570 signals."""
    emitter, label, heard = Emitter(), QLabel(), []
    qtbot.addWidget(label)
    emitter.said.connect(heard.append)
    before = sys.getrefcount(None)
    for number in range(5_000):
        emitter.said.emit(number)
        label.setText("x")
    assert len(heard) == 5_000
    # Immortal objects (3.12 on) have one huge constant count.
    assert sys.getrefcount(None) > before - 500
