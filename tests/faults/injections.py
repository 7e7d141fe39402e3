"""The faults, each a function that does harm to a stage and mends what nobody else would."""

import os
import random
import signal
import time
from collections.abc import Callable

import psutil
import psycopg

from tests.cables import Cable
from tests.faults import people
from tests.faults.stage import Stage, kill
from tests.waiting import until

Fault = Callable[[Stage], None]
FAULTS: dict[str, Fault] = {}
AWAY_SECONDS = 5.0


def fault(does: Fault) -> Fault:
    """Names it by its function."""
    FAULTS[does.__name__.replace("_", " ")] = does
    return does


def silence(cable: Cable) -> None:
    """What is sent through it arrives only afterwards, and nobody is told."""
    cable.flowing.clear()
    time.sleep(2 * AWAY_SECONDS)
    cable.flowing.set()


@fault
def nothing(stage: Stage) -> None:
    """What the others are compared with."""


@fault
def one_web_process_killed(stage: Stage) -> None:
    kill(stage.web_processes()[0])


@fault
def web_master_killed(stage: Stage) -> None:
    kill(stage.site.one_child("gunicorn"))


@fault
def beat_killed(stage: Stage) -> None:
    kill(stage.site.one_child("manage.py beat"))


@fault
def beat_silent(stage: Stage) -> None:
    """Stopped, not dead: only its silence tells."""
    beat = stage.site.one_child("manage.py beat")
    os.kill(beat, signal.SIGSTOP)
    until(lambda: psutil.Process(beat).status() == psutil.STATUS_STOPPED, "it stands still")


@fault
def worker_killed_with_its_children(stage: Stage) -> None:
    for pid in (stage.worker(), *stage.worker_processes()):
        kill(pid)


@fault
def worker_processes_killed(stage: Stage) -> None:
    for pid in stage.worker_processes():
        kill(pid)


@fault
def redis_killed_and_back_empty(stage: Stage) -> None:
    stage.to_broker.cut()
    time.sleep(AWAY_SECONDS)
    stage.restart_broker()
    stage.to_broker.mend()


@fault
def redis_emptied(stage: Stage) -> None:
    stage.empty_broker()


@fault
def redis_silent(stage: Stage) -> None:
    """It takes what is sent and never answers."""
    silence(stage.to_broker)


@fault
def postgres_crashed_and_back(stage: Stage) -> None:
    stage.database.crash()
    time.sleep(AWAY_SECONDS)
    stage.database.run_server()


@fault
def postgres_cable_cut_and_mended(stage: Stage) -> None:
    stage.to_database.cut()
    time.sleep(AWAY_SECONDS)
    stage.to_database.mend()


@fault
def postgres_silent(stage: Stage) -> None:
    silence(stage.to_database)


@fault
def database_sessions_ended(stage: Stage) -> None:
    """Ten times, each that the site has at that moment."""
    with psycopg.connect(stage.database.url, autocommit=True) as connection:
        for _ in range(10):
            connection.execute(
                "select pg_terminate_backend(pid) from pg_stat_activity "
                "where backend_type = 'client backend' and pid <> pg_backend_pid()"
            )
            time.sleep(AWAY_SECONDS / 10)


@fault
def answers_lost_on_the_way_back(stage: Stage) -> None:
    """The request arrives whole; what the site says does not."""
    stage.to_web.swallows = True
    time.sleep(AWAY_SECONDS)
    stage.to_web.swallows = False


@fault
def connections_cut_at_random(stage: Stage) -> None:
    chance = random.Random(9)
    for _ in range(20):
        time.sleep(chance.uniform(0, AWAY_SECONDS / 10))
        stage.to_web.snap()


@fault
def leases_run_out_while_editing(stage: Stage) -> None:
    """Whatever anybody holds has lapsed long ago; the sweep gives it to somebody else."""
    with psycopg.connect(stage.database.url, autocommit=True) as connection:
        for _ in range(20):
            connection.execute(
                "update assignments_assignment set lease_expires_at = now() - interval '1 hour' "
                "where state = 'claimed'"
            )
            time.sleep(AWAY_SECONDS / 10)


@fault
def half_of_the_annotators_deactivated(stage: Stage) -> None:
    """While they hold items; they are let in again after a while."""
    chosen = people.half()
    people.deactivate(chosen)
    time.sleep(AWAY_SECONDS)
    people.activate(chosen)
