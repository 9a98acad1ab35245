"""A rule: what it is called, what it asks for, and the function that finds what breaks it."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from policy.violation import Violation
from rendering.resource import Resource


@dataclass(frozen=True, kw_only=True)
class ResourceRule:
    """A rule that looks at one resource at a time."""

    name: str
    """Its name in a policy pack and in waivers, such as ``images-pinned``."""
    asks: str
    """What it asks for, as one sentence."""
    find: Callable[[Resource], Iterator[Violation]]

    def violations(self, resources: Iterable[Resource]) -> Iterator[Violation]:
        """Yield what breaks this rule."""
        for resource in resources:
            yield from _known(self.find(resource))


@dataclass(frozen=True, kw_only=True)
class StackRule:
    """A rule that needs to see every resource of a stack."""

    name: str
    """Its name in a policy pack and in waivers, such as ``pods-guarded``."""
    asks: str
    """What it asks for, as one sentence."""
    find: Callable[[Sequence[Resource]], Iterator[Violation]]

    def violations(self, resources: Iterable[Resource]) -> Iterator[Violation]:
        """Yield what breaks this rule."""
        yield from _known(self.find(list(resources)))


Rule = ResourceRule | StackRule


def _known(found: Iterable[Violation]) -> Iterator[Violation]:
    """Leave out what a preview cannot know: its value may turn out to be right."""
    return (each for each in found if each.is_known)
