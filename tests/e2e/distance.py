"""Two Kafka clusters a long way apart, and MirrorMaker beside the second; one broker each.

They run in network namespaces of their own, which end with their processes.
"""

import json
import shutil
import subprocess
import sys
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from devkit.patience import wait_until
from rendering.engine import ROOT

SOURCE, TARGET = "10.9.0.1", "10.9.0.2"
PORT = 9092
_BUFFERS = {"tcp_rmem": "4096 131072 6291456", "tcp_wmem": "4096 16384 4194304"}
"""Linux's own limits of a connection's buffers, whatever this machine is set to."""
_LOG = """\
appender.file.type = File
appender.file.name = file
appender.file.fileName = {path}
appender.file.layout.type = PatternLayout
appender.file.layout.pattern = %d %p %c %m%n
rootLogger.level = INFO
rootLogger.appenderRef.file.ref = file
"""
_BROKER = """\
process.roles=broker,controller
node.id=0
controller.quorum.voters=0@{address}:9093
listeners=PLAINTEXT://{address}:{port},CONTROLLER://{address}:9093
advertised.listeners=PLAINTEXT://{address}:{port}
controller.listener.names=CONTROLLER
log.dirs={folder}/data
offsets.topic.replication.factor=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
group.initial.rebalance.delay.ms=0
{network}
"""
_FILL = """
import os, sys
from confluent_kafka import Producer
from confluent_kafka.admin import AdminClient
from confluent_kafka.cimpl import NewTopic
bootstrap, topics, records, size = sys.argv[1], sys.argv[2].split(","), *map(int, sys.argv[3:])
admin = AdminClient({"bootstrap.servers": bootstrap})
made = admin.create_topics([NewTopic(topic, 1, 1) for topic in topics])
for each in made.values():
    each.result()
producer = Producer({"bootstrap.servers": bootstrap, "linger.ms": 50, "batch.size": 1000000,
                     "queue.buffering.max.kbytes": 65536})
noise = os.urandom(size + 65536)
for number in range(records):
    start = number * 7919 % 65536
    while True:
        try:
            producer.produce(topics[number % len(topics)], noise[start : start + size])
            break
        except BufferError:
            producer.poll(0.1)
    producer.poll(0)
assert producer.flush(60) == 0
"""
_WATCH = """
import json, sys, time
from confluent_kafka import Consumer, KafkaException, TopicPartition
bootstrap, topics, records, limit = sys.argv[1], sys.argv[2].split(","), *map(int, sys.argv[3:])
consumer = Consumer({"bootstrap.servers": bootstrap, "group.id": "watch"})
end, first, began = 0, 0, 0.0
until = time.monotonic() + 90
while time.monotonic() < until and end < records:
    known = consumer.list_topics(timeout=10).topics
    there = [TopicPartition(t, 0) for t in topics if t in known]
    try:
        end = sum(consumer.get_watermark_offsets(p, timeout=10)[1] for p in there)
    except KafkaException:
        continue  # a topic that has just been made
    now = time.monotonic()
    if end and not began:
        began, first, until = now, end, now + limit
    time.sleep(0.1)
print(json.dumps([end - first, now - began]))
"""


@dataclass(frozen=True)
class Place:
    """One end of the way: a network namespace, and what runs in it."""

    address: str
    holder: int
    """A process that keeps the namespace."""
    folder: Path
    java: Path
    libraries: Path

    @property
    def bootstrap(self) -> str:
        """Where its broker answers."""
        return f"{self.address}:{PORT}"

    def enter(self, argv: Sequence[str]) -> list[str]:
        """Words that run a command here."""
        return ["nsenter", f"--target={self.holder}", "--net", "--", *argv]

    def python(self, program: str, *arguments: str) -> str:
        """Run a program; return what it prints."""
        argv = self.enter([sys.executable, "-c", program, self.bootstrap, *arguments])
        return subprocess.run(argv, check=True, stdout=subprocess.PIPE, text=True).stdout  # noqa: S603

    def words(self, name: str, heap: str, *arguments: str) -> list[str]:
        """Words that run one of Kafka's programs, which logs to a file of that name."""
        log = self.folder / f"{name}.log4j2.properties"
        log.write_text(_LOG.format(path=self.folder / f"{name}.log"))
        options = [f"-Xmx{heap}", f"-Dlog4j2.configurationFile={log}"]
        return self.enter([str(self.java), *options, "-cp", f"{self.libraries}/*", *arguments])

    def fill(self, topics: Sequence[str], records: int, size: int) -> None:
        """Make topics and write records of noise to them."""
        self.python(_FILL, ",".join(topics), str(records), str(size))

    def watch(self, topics: Sequence[str], records: int, limit: int) -> tuple[int, float]:
        """Return how many records came after the first, and in how many seconds.

        Until all are there, or for `limit` seconds.
        """
        said = json.loads(self.python(_WATCH, ",".join(topics), str(records), str(limit)))
        return int(said[0]), float(said[1])


@contextmanager
def far_apart(
    folder: Path, *, java: Path, libraries: Path, seconds: float, network: str
) -> Iterator[tuple[Place, Place]]:
    """Start both clusters, between which every packet takes `seconds`.

    `network` are settings of the brokers.
    """
    with ExitStack() as stack:
        middle, *ends = (stack.enter_context(_namespace()) for _ in range(3))
        places = []
        for number, (holder, address) in enumerate(zip(ends, (SOURCE, TARGET), strict=True)):
            here = folder / f"end-{number}"
            here.mkdir()
            _connect(middle, holder, f"end-{number}", address)
            places.append(Place(address, holder, here, java, libraries))
        way = [sys.executable, "-m", "devkit.node.distance", "end-0", "end-1", str(seconds)]
        entered = ["nsenter", f"--target={middle}", "--net", "--", *way]
        stack.enter_context(running(entered))
        for place in places:
            stack.enter_context(_broker(place, network))
        yield places[0], places[1]


@contextmanager
def running(argv: Sequence[str]) -> Iterator[subprocess.Popen[bytes]]:
    """Run a program while the body runs."""
    process = subprocess.Popen(argv, cwd=ROOT, stdout=subprocess.DEVNULL)  # noqa: S603 -- ours
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextmanager
def mirror_maker(place: Place, name: str, settings: Mapping[str, str]) -> Iterator[None]:
    """Run MirrorMaker with these settings while the body runs."""
    path = place.folder / f"{name}.properties"
    path.write_text("".join(f"{key}={value}\n" for key, value in settings.items()))
    program = "org.apache.kafka.connect.mirror.MirrorMaker"
    with running(place.words(name, "512m", program, str(path))):
        yield


@contextmanager
def _namespace() -> Iterator[int]:
    sleep = shutil.which("sleep") or "sleep"
    with running(["unshare", "--net", "--", sleep, "infinity"]) as holder:
        own = Path("/proc/self/ns/net").readlink()
        there = Path(f"/proc/{holder.pid}/ns/net")
        assert wait_until(lambda: there.readlink() != own, 10), "no network namespace of its own"
        yield holder.pid


def _connect(middle: int, holder: int, link: str, address: str) -> None:
    _sh(middle, f"ip link add {link} type veth peer name eth0 netns {holder}")
    _sh(middle, f"ip link set {link} up")
    _sh(holder, f"ip link set lo up; ip address add {address}/24 dev eth0; ip link set eth0 up")
    for name, value in _BUFFERS.items():
        _sh(holder, f'echo "{value}" >/proc/sys/net/ipv4/{name}')


def _sh(holder: int, script: str) -> None:
    argv = ["nsenter", f"--target={holder}", "--net", "--", "sh", "-ec", script]
    subprocess.run(argv, check=True)  # noqa: S603 -- ours


@contextmanager
def _broker(place: Place, network: str) -> Iterator[None]:
    path = place.folder / "broker.properties"
    own = {"address": place.address, "port": PORT, "folder": place.folder, "network": network}
    path.write_text(_BROKER.format(**own))
    identity = ["--cluster-id", str(uuid.uuid4()), "--config", str(path)]
    formatting = place.words("format", "128m", "kafka.tools.StorageTool", "format", *identity)
    subprocess.run(formatting, check=True, stdout=subprocess.DEVNULL)  # noqa: S603 -- ours
    with running(place.words("broker", "512m", "kafka.Kafka", str(path))):
        ask = f"import socket; socket.create_connection(('{place.address}', {PORT}), 1)"
        argv = place.enter([sys.executable, "-c", ask])
        assert wait_until(
            lambda: subprocess.run(argv, check=False, stderr=subprocess.DEVNULL).returncode == 0,  # noqa: S603
            60,
        ), "the broker does not start"
        yield
