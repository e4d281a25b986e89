"""The same commits as Fencepost's, by threads of one process with the package agent-coherence.

    agent_coherence.py FILE KEYS THREADS WARM_UP_MILLISECONDS MILLISECONDS STATISTICS

Each thread replaces values by the coordinator's optimistic commit, which compares the version, in a registry in a file
that keeps all versions. STATISTICS is the file that counts the flushes of the disk, as in /sys/class/block, or - if there
is none.

Prints one line: the commits that were acknowledged in all, those in the time that counts, that time in seconds, and the
costs of all commits.
"""

import hashlib
import random
import resource
import sys
import threading
import time
from uuid import uuid4

from ccs.coordinator.service import CoordinatorService
from ccs.coordinator.sqlite_registry import SqliteArtifactRegistry
from ccs.core.types import ConflictDetail

VALUE_LENGTH = 200
VALUE_BASE = 1_000_000_000_000  # the number of a value is this plus its version, as in BenchmarkValues.java


def value(version):
    number = str(VALUE_BASE + version)
    return number + "x" * (VALUE_LENGTH - len(number))


def digest(content):
    return hashlib.sha256(content.encode()).hexdigest()


def costs(statistics):
    usage = resource.getrusage(resource.RUSAGE_SELF)
    now = {"processor": time.process_time_ns(), "switches": usage.ru_nvcsw + usage.ru_nivcsw}
    if statistics != "-":
        with open(statistics) as disk:
            now["flushes"] = int(disk.read().split()[15])
        with open("/proc/self/io") as io:
            now["written"] = int(dict(line.split(": ") for line in io)["write_bytes"])
    return now


class Worker(threading.Thread):
    """One thread that commits without a pause, at least once."""

    def __init__(self, service, artifacts, seen, begin, until):
        super().__init__()
        self.agent = uuid4()
        self.service, self.artifacts, self.seen = service, artifacts, seen
        self.begin, self.until = begin, until
        self.acknowledged = self.counted = 0
        self.failure = None

    def commit(self, key):
        while True:
            before = self.seen[key]
            content = value(before + 1)
            result = self.service.commit_cas(
                agent_id=self.agent, artifact_id=self.artifacts[key], expected_version=before,
                content_hash=digest(content), content=content)
            if not isinstance(result, ConflictDetail):
                self.seen[key] = max(self.seen[key], before + 1)
                return
            self.seen[key] = result.current_version

    def run(self):
        try:
            while True:
                self.commit(random.randrange(len(self.artifacts)))
                self.acknowledged += 1
                now = time.monotonic()
                self.counted += self.begin <= now < self.until
                if now >= self.until:
                    return
        except Exception as failure:
            self.failure = failure


def main(file, keys, threads, warm_up, length, statistics):
    registry = SqliteArtifactRegistry(file, retain_versions=True)
    service = CoordinatorService(registry)
    artifacts = [service.register_artifact(name=f"counters/{key}", content=value(1), content_hash=digest(value(1))).id
                 for key in range(keys)]
    before = costs(statistics)
    begin = time.monotonic() + warm_up / 1000
    seen = [1] * keys
    workers = [Worker(service, artifacts, seen, begin, begin + length / 1000) for _ in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    spent = costs(statistics)
    for worker in workers:
        if worker.failure:
            raise worker.failure
    registry.close()
    print(f"acknowledged={sum(worker.acknowledged for worker in workers)}",
          f"counted={sum(worker.counted for worker in workers)} seconds={length / 1000:.9f}",
          " ".join(f"{name}={amount - before[name]}" for name, amount in spent.items()))


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:6]), sys.argv[6])
