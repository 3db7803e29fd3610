"""python -m tests.ha [--only WORDS] [--rounds N] [--keep]: start, break, count, print, stop. Status 1: a bar missed."""

import argparse
import shutil
import signal
import sys
import time
from collections.abc import Sequence

from tests.ha.application import Application, environment_of_ours
from tests.ha.cluster import Cluster
from tests.ha.events import control, events
from tests.ha.places import Ports, new_place
from tests.ha.reckoning import flaws_of_the_ledger, reckon, standing
from tests.ha.stage import Stage, Told
from tests.ha.table import heading, line
from tests.ha.writers import Pool, Readers
from thucthi.config.supervisor.processes import wait_until
from thucthi.config.supervisor.trouble import Trouble


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.ha", description=__doc__)
    parser.add_argument("--only", default="", help="events whose name holds these words, and no control")
    parser.add_argument("--control", action="store_true", help="the control alone")
    parser.add_argument("--rounds", type=int, default=3, help="of the control, until one loses something")
    parser.add_argument("--keep", action="store_true", help="leave the directory with its logs")
    options = parser.parse_args(arguments)
    signal.signal(signal.SIGTERM, lambda *_told: sys.exit(143))
    place, ports = new_place(), Ports()
    ours = environment_of_ours(place)
    cluster = Cluster(place, ports, ours)
    application = Application(place, cluster, ports, ours)
    try:
        return _run(cluster, application, options)
    except RuntimeError as trouble:
        say(f"✗ {trouble}")
        return 1
    finally:
        application.stop()
        cluster.stop()
        if options.keep:
            say(f"→ {place.directory}")
        else:
            shutil.rmtree(place.directory, ignore_errors=True)


def _run(cluster: Cluster, application: Application, options: argparse.Namespace) -> int:
    began = time.monotonic()
    say("→ Đang dựng ba nút PostgreSQL, Patroni, ba etcd, HAProxy · Starting the cluster")
    cluster.start()
    say("→ Đang cập nhật cấu trúc, nạp dữ liệu nhỏ, phát hành một kỳ · Migrating, filling, publishing")
    application.prepare()
    application.start()
    pool = Pool(cluster.web_port, application.world)
    readers = Readers(application.public_port, cluster.web_port, application.world[0]["username"])
    pool.start()
    readers.start()
    say(f"→ Bắt đầu sau {time.monotonic() - began:.0f} giây · Begun; primary {cluster.primary()}\n")
    stage = Stage(cluster, application, pool, readers)
    try:
        told = _play(stage, options)
    finally:
        pool.stop()
        readers.stop()
    return _conclude(stage, told, options)


def _play(stage: Stage, options: argparse.Namespace) -> list[Told]:
    for each in heading():
        say(each)
    told: list[Told] = []
    for event in events(stage):
        if options.only in event.name and not options.control:
            try:
                told.append(stage.play(event))
            except RuntimeError as trouble:
                stage.pool.surprises.append(f"{event.name}: {trouble}")
                return told
            say(line(told[-1]))
    return told


def _conclude(stage: Stage, told: Sequence[Told], options: argparse.Namespace) -> int:
    """All writes once more, at the end; the ledger; then the control, with a pool of its own."""
    url = stage.cluster.url("app")
    whole = reckon(stage.pool.writes, standing(url), told[0].moments[0], time.monotonic()) if told else None
    caught_up = wait_until(lambda: not flaws_of_the_ledger(url), seconds=30, every=0.5)
    faults = [f"{each.event.name}: missed" for each in told if not each.stands]
    faults += stage.pool.surprises
    faults += [] if caught_up else flaws_of_the_ledger(url)
    if whole:
        say(f"\nin all: {whole.acknowledged} acknowledged, {len(whole.lost)} lost, {len(whole.doubled)} doubled;")
        unfinished = sum(write.acknowledged is None for write in stage.pool.writes)
        say(f"{whole.doubtful} in doubt and sent again; {unfinished} never answered")
        faults += ["writes were lost or doubled by a later event"] if whole.lost or whole.doubled else []
    readers = stage.readers
    say(f"public site: {readers.public} requests, {len(readers.public_errors)} errors")
    say(f"pages read: {readers.pages}, {readers.from_standby} from a standby, {readers.refused} refused;")
    say(f"the longest answer took {readers.longest:.1f} s")
    if not options.only and not _control_loses(stage, options.rounds):
        faults.append("the control lost nothing: this test could not see a loss")
    for fault in faults:
        say(f"✗ {fault}")
    return 1 if faults else 0


def _control_loses(stage: Stage, rounds: int) -> bool:
    say("\nsynchronous_mode off:")
    stage.cluster.configure(synchronous_mode=False)
    rest = [told | {"periods": told["periods"][::-1]} for told in stage.pool.world]  # from the other end
    stage.pool = Pool(stage.pool.port, rest)
    stage.pool.start()
    try:
        for number in range(rounds):
            told = stage.play(control(stage))
            say(line(told))
            if told.cost.lost:
                say(f"round {number + 1}: {len(told.cost.lost)} acknowledged writes are gone: the test sees a loss")
                return True
    finally:
        stage.pool.stop()
    return False


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except Trouble as trouble:
        sys.stderr.write(f"✗ {trouble.vietnamese}\n✗ {trouble.english}\n")
        sys.exit(2)
