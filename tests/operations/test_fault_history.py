"""What `make faults` goes by can tell a lost, a doubled and a strange answer from a kept one."""

import pytest

from tests.faults.history import History, Stored, Verdict

RECEIPT = ("id-1", "hash-1")
KEPT = Stored("key-1", *RECEIPT)


def acknowledged() -> History:
    """One answer, tried twice, acknowledged by the second try."""
    history = History()
    history.sends("key-1")
    history.fails("key-1", "RemoteDisconnected")
    history.sends("key-1")
    history.hears("key-1", RECEIPT, at=5.0)
    return history


def verdict(**counts: int) -> Verdict:
    return Verdict(
        **{"sent": 1, "acknowledged": 1, "lost": 0, "doubled": 0, "unexpected": 0}
        | {"contradicted": 0}
        | counts
    )


@pytest.mark.parametrize(
    ("stored", "counts"),
    [
        ([], {"lost": 1}),
        ([Stored("key-1", "id-1", "another hash")], {"lost": 1}),
        ([Stored("key-1", "id-2", "hash-1")], {"lost": 1}),
        ([KEPT, Stored("key-1", "id-2", "hash-1")], {"doubled": 1}),
        ([KEPT, Stored("key-2", "id-2", "hash-2")], {"unexpected": 1}),
    ],
)
def test_an_answer_that_is_not_kept_as_it_was_acknowledged_is_found(
    stored: list[Stored], counts: dict[str, int]
) -> None:
    found = acknowledged().verdict(stored)

    assert found == verdict(**counts)
    assert not found.holds


def test_two_receipts_for_one_answer_contradict_each_other() -> None:
    history = acknowledged()
    history.sends("key-1")
    history.hears("key-1", ("id-2", "hash-1"), at=6.0)

    found = history.verdict([KEPT])

    assert (found.contradicted, found.holds) == (1, False)


def test_an_answer_that_nobody_acknowledged_may_be_there_or_not() -> None:
    history = History()
    history.sends("key-1")
    history.fails("key-1", "503")

    assert history.verdict([]) == history.verdict([KEPT]) == verdict(acknowledged=0)
    assert history.verdict([]).holds


def test_silence_is_the_longest_time_without_a_receipt() -> None:
    history = acknowledged()
    history.sends("key-2")
    history.hears("key-2", ("id-2", "hash-2"), at=8.5)

    assert history.longest_silence(4.0, 10.0) == 3.5
    assert history.longest_silence(9.0, 10.0) == 1.0
    assert history.in_flight == 0
