"""Which sandboxes have ended, and their removal."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from efd_infra.config.cloud import NAME_LABEL
from sandbox.cloud import Found
from sandbox.ending import end
from sandbox.errors import BusyError, SandboxError, UnaskedError
from sandbox.ground import Ground
from sandbox.marks import STACK_PREFIX, Marks

MARGIN = timedelta(minutes=5)
"""By which this machine's clock may be ahead of that of whoever made a sandbox."""

State = Literal["alive", "ended", "removed", "busy", "kept", "failed", "unasked"]


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What is with one sandbox, or one thing that has a label of one."""

    name: str
    state: State
    told: str
    marks: Marks | None = None

    @property
    def data(self) -> dict[str, str | None]:
        """The same for a program."""
        return {
            "name": self.name,
            "state": self.state,
            "owner": self.marks.owner if self.marks else None,
            "end": self.marks.end.isoformat() if self.marks else None,
            "told": self.told,
        }


@dataclass(frozen=True, kw_only=True)
class Reaper:
    """Looks at everything, and removes what has ended by both of its marks."""

    ground: Ground
    now: datetime
    patience: float
    """Seconds for what is in a cluster to go in order."""
    margin: timedelta = MARGIN

    def look(self) -> Iterator[Verdict]:
        """Yield what is with each sandbox; nothing is touched."""
        engine, cloud = self.ground.engine, self.ground.cloud
        stacks = {stack: Marks.of_tags(stack, engine.tags(stack)) for stack in engine.stacks()}
        clusters = {cluster.name: cluster for cluster in cloud.clusters()}
        for stack, marks in stacks.items():
            yield self._of_stack(stack, marks, clusters)
        named = {marks.cluster for marks in stacks.values() if marks}
        for cluster in clusters.values():
            if cluster.name not in named and _is_ours(cluster):
                yield self._lost(cluster, "its state is lost")
        for found in cloud.leftovers():
            site = found.labels.get(NAME_LABEL, "")
            if site not in stacks and f"efd-{site}" not in clusters and _is_ours(found):
                yield self._lost(found, f"{found.kind} {found.name} is left")

    def reap(self) -> Iterator[Verdict]:
        """Remove what has ended, and yield what is with each sandbox then.

        It can be repeated and run beside another: what is gone is gone, and of two runs that end
        one sandbox the later leaves it to the other.
        """
        removed: set[str] = set()
        for verdict in list(self.look()):
            if verdict.state != "ended" or verdict.marks is None:
                yield verdict
            elif verdict.marks.name not in removed:
                removed.add(verdict.marks.name)
                yield self._removed(verdict, verdict.marks)

    def _removed(self, verdict: Verdict, marks: Marks) -> Verdict:
        try:
            told = end(self.ground, marks, self.patience)
        except BusyError as error:
            return Verdict(name=marks.name, state="busy", told=str(error), marks=marks)
        except UnaskedError as error:
            return Verdict(name=marks.name, state="unasked", told=str(error), marks=marks)
        except SandboxError as error:
            return Verdict(name=marks.name, state="failed", told=str(error), marks=marks)
        words = "; ".join([verdict.told, *told])
        return Verdict(name=marks.name, state="removed", told=words, marks=marks)

    def _of_stack(self, stack: str, marks: Marks | None, clusters: Mapping[str, Found]) -> Verdict:
        name = stack.removeprefix(STACK_PREFIX)
        if marks is None:
            return Verdict(name=name, state="kept", told="its stack has no mark of a sandbox")
        cluster = clusters.get(marks.cluster)
        if cluster is None:
            return self._by_time(marks, marks, "it has no cluster")
        labelled = Marks.of_labels(cluster.labels)
        if labelled is None or labelled.name != marks.name:
            told = "its cluster has no labels of a sandbox"
            return Verdict(name=name, state="kept", told=told, marks=marks)
        return self._by_time(marks, labelled, "")

    def _by_time(self, marks: Marks, other: Marks, told: str) -> Verdict:
        """Judge by both marks: after an extension that was cut short only one of them is later."""
        ends = max(marks.end, other.end)
        ended = self.now - self.margin >= ends
        words = [told] if told else []
        words.append(f"{'ended' if ended else 'ends'} {ends:%Y-%m-%d %H:%M} UTC")
        state: State = "ended" if ended else "alive"
        return Verdict(name=marks.name, state=state, told=", ".join(words), marks=marks)

    def _lost(self, found: Found, told: str) -> Verdict:
        marks = Marks.of_labels(found.labels)
        if marks is None:
            name = found.labels[NAME_LABEL].removeprefix(STACK_PREFIX)
            words = f"{told}, and without an end"
            return Verdict(name=name, state="kept", told=words)
        return self._by_time(marks, marks, told)


def _is_ours(found: Found) -> bool:
    return found.labels.get(NAME_LABEL, "").startswith(STACK_PREFIX)


def exit_code(verdicts: list[Verdict]) -> int:
    """Return 0 where all is as it must be, 1 where something stays, 2 where nobody could say."""
    states = {verdict.state for verdict in verdicts}
    if "failed" in states or "kept" in states:
        return 1
    return 2 if "unasked" in states else 0
