"""A worker's threads: one stays free for mail, one for what is small."""

import pytest

from cpor_core.worker_slots import WorkerSlots


@pytest.mark.parametrize("threads", [3, 4, 8])
def test_a_large_file_leaves_a_thread_to_mail_and_one_to_small_files(threads):
    slots, taken = WorkerSlots(threads), []

    while (slot := slots.for_large_file()).__enter__():
        taken.append(slot)

    assert len(taken) == threads - 2
    with slots.for_mail() as mail, slots.for_small_file() as small:
        assert (mail, small) == (True, True)


@pytest.mark.parametrize("threads", [3, 4, 8])
def test_mail_leaves_a_thread_to_small_files(threads):
    slots, taken = WorkerSlots(threads), []

    while (slot := slots.for_mail()).__enter__():
        taken.append(slot)

    assert len(taken) == threads - 1
    with slots.for_large_file() as large, slots.for_small_file() as small:
        assert (large, small) == (False, True)


def test_small_files_leave_a_thread_to_mail():
    slots = WorkerSlots(3)

    with slots.for_small_file() as first, slots.for_small_file() as second, slots.for_small_file() as third:
        assert (first, second, third) == (True, True, False)


@pytest.mark.parametrize("threads", [1, 2])
def test_with_fewer_threads_mail_is_always_let_in(threads):
    slots = WorkerSlots(threads)

    with slots.for_large_file() as large, slots.for_small_file() as small, slots.for_mail() as mail:
        assert (large, small, mail) == (True, False, True)


def test_what_was_taken_in_part_is_given_back():
    slots = WorkerSlots(3)

    with slots.for_small_file(), slots.for_small_file(), slots.for_large_file() as large:
        assert not large
    with slots.for_large_file() as large:
        assert large
