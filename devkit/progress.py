"""What a person sees while they wait."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

PLAIN_INTERVAL = 10.0
"""Seconds between two lines about one step where there is no terminal to draw a bar on."""

console = Console(highlight=False, soft_wrap=True)


def say(line: str) -> None:
    """Print one line, at once, in order with what child processes print."""
    console.print(line, markup=False)
    sys.stdout.flush()


def duration(seconds: float) -> str:
    """Seconds as people say them: `4.2 s`, `3 min 05 s`."""
    if seconds < 60:  # noqa: PLR2004 - seconds in a minute
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest:02d} s"


@contextmanager
def step(title: str) -> Iterator[None]:
    """Show `title` while the body runs, then how long it took."""
    started = time.monotonic()
    if console.is_terminal:
        with console.status(f"{title} …"):
            yield
    else:
        yield
    say(f"{title}: {duration(time.monotonic() - started)}")


@contextmanager
def counted(title: str, total: int) -> Iterator[Callable[[int, str], None]]:
    """Show how far a long step has come.

    The body calls what it is given with the number done so far and the name of what is in hand.
    """
    started = time.monotonic()
    if console.is_terminal:
        bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.percentage:>3.0f} %"),
            TimeElapsedColumn(),
            TextColumn("{task.fields[item]}", style="dim"),
            console=console,
            transient=True,
        )
        with bar:
            task = bar.add_task(title, total=total, item="")
            yield lambda done, item: bar.update(task, completed=min(done, total), item=item[-48:])
    else:
        yield _lines(title, total, started)
    say(f"{title}: {duration(time.monotonic() - started)}")


def _lines(title: str, total: int, started: float) -> Callable[[int, str], None]:
    last = started - PLAIN_INTERVAL

    def show(done: int, item: str) -> None:
        nonlocal last
        now = time.monotonic()
        if now - last >= PLAIN_INTERVAL:
            last = now
            percent = 100 * min(done, total) // max(total, 1)
            say(f"{title}: {percent} %, {duration(now - started)}, {item}")

    return show
