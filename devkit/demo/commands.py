"""What each command of `python -m devkit.demo` does, inside the enclosure."""

import argparse
import time
from collections.abc import Callable

from devkit.demo import answer, picture
from devkit.demo.census import Census
from devkit.demo.demo import CONSUMER, CSCS, DATABASE, Demo
from devkit.demo.reader import Reader
from devkit.errors import DevkitError
from devkit.progress import console, duration, say
from devkit.signals import stopped_by_signal
from devkit.traffic import latency, sources, table
from devkit.traffic.access import Web
from devkit.traffic.influx import Influx
from devkit.traffic.latency import Watcher
from devkit.traffic.ledger import Ledger
from devkit.traffic.registry import Registry

PLAIN_SECONDS = 30.0
"""How long the table goes on where it is no terminal, unless a time is given."""

TITLE = f"records of {' and '.join(CSCS)}, at the rates of real life"

QUESTION = (
    "SELECT actualPosition, demandPosition, actualVelocity, actualTorque "
    'FROM "lsst.sal.MTMount.elevation" ORDER BY time DESC LIMIT 10'
)

NEXT = (
    ("make demo", "this table again"),
    ("make demo-query", "ask InfluxDB; Q='SELECT …' for a question of your own"),
    ("make demo-consume", "new records from outside, over SASL_SSL; N=20 for so many"),
    ("make demo-preview", "what an edit of the site file would do; `make demo` then deploys it"),
    ("make demo-status", "what runs"),
    ("make demo-down", "end it and remove all of it"),
)
"""Commands to go on with, and what each is for."""


def show(demo: Demo, given: argparse.Namespace) -> int:
    """Start what does not run, then show the live table; Ctrl-C ends the table only."""
    began = time.monotonic()
    if demo.ensure():
        say(f"the demo is up: {duration(time.monotonic() - began)}")
    else:
        say("the demo is running")
    facts, ledger = demo.facts, Ledger([demo.ledger])
    influx, watched = Influx(facts.web, DATABASE), Influx(facts.web, DATABASE)
    kafka = facts.kafka(CONSUMER, demo.site.authority)
    newest = latency.newest_of(watched, lambda: list(ledger.topics))
    with Watcher(newest, keep=sources.LATELY) as watcher:
        figures = sources.real(ledger, kafka, influx, watcher)
        rows = table.show(figures, _ended(given.seconds), TITLE)
    if given.picture:
        given.picture.parent.mkdir(parents=True, exist_ok=True)
        given.picture.write_text(picture.svg(table.table(rows, TITLE), "make demo"))
    if not console.is_terminal:
        for row in rows[:-1]:
            say(table.sentence(row))
    _report(demo)
    if not rows[-1].influx:
        raise DevkitError("no record has reached InfluxDB", f"see {demo.producer.log}")
    return 0


def query(demo: Demo, given: argparse.Namespace) -> int:
    """Ask InfluxDB, as the EFD's readers do."""
    question = given.question or QUESTION
    facts = demo.facts
    say(f"{facts.reader} at {facts.influx}, database {DATABASE}: {question}\n")
    for line in answer.lines(Influx(facts.web, DATABASE).query(question)):
        say(line)
    return 0


def consume(demo: Demo, given: argparse.Namespace) -> int:
    """Read a few records from outside the cluster, over SASL_SSL."""
    facts, authority = demo.facts, demo.site.authority
    reader = Reader(facts.kafka(CONSUMER, authority), Registry(Web(facts.registry)))
    say(f"{CONSUMER} at {facts.bootstrap} over SASL_SSL; the brokers' names are verified against")
    say(f"{authority}; {reader.topics} topics\n")
    for record in reader.records(given.records):
        line = str(record)
        if console.is_terminal and len(line) > console.width:
            line = f"{line[: console.width - 1]}…"
        say(line)
    return 0


def preview(demo: Demo, _given: argparse.Namespace) -> int:
    """Show what the visitor's copy of the site file would change."""
    if not demo.is_edited():
        say(f"{demo.site_file} is as it was deployed.")
        say("Edit it first to see a change, for example: groups: [notebooks-, jupyter-]\n")
    demo.site.stack.prepare()
    try:
        demo.site.stack.preview()
    except DevkitError as error:
        raise DevkitError(error.what, f"mend {demo.site_file}") from error
    return 0


def status(demo: Demo, _given: argparse.Namespace) -> int:
    """Say what runs, and how to go on."""
    _report(demo)
    return 0


def _report(demo: Demo) -> None:
    edited = ", edited and not deployed yet" if demo.is_edited() else ""
    pods = demo.site.get("/api/v1/pods")["items"]
    say(f"\n{demo.site.name}: {Census.take(pods)}")
    if demo.producer.pid():
        say(f"the producer sends on; its log is {demo.producer.log}")
    else:
        words = demo.producer.last_words(1) or "it said nothing"
        say(f"the producer has ended: {words}; `make demo` starts it again")
    say(f"the site file to edit: {demo.site_file}{edited}\n")
    for command, purpose in NEXT:
        say(f"  {command:<18}  {purpose}")


def _ended(seconds: float | None) -> Callable[[], bool]:
    """Whether to end: at Ctrl-C, or after some time."""
    stopped = stopped_by_signal()
    limit = seconds or (None if console.is_terminal else PLAIN_SECONDS)
    end = time.monotonic() + limit if limit else None
    return lambda: stopped() or (end is not None and time.monotonic() > end)
