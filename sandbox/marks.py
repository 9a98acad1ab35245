"""What says that a sandbox is one, whose it is and when it ends: in its state, and in the cloud."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Self

from efd_infra.config.cloud import END_LABEL, LABEL_TIME, NAME_LABEL, OWNER_LABEL, EndTime

STACK_PREFIX = "sandbox-"
"""What every sandbox's stack and site are called, before its own name."""

CLUSTER_PREFIX = "efd-"
"""What the cluster of a site is called in the cloud, before the site's name."""

NAME = re.compile(r"[a-z][a-z0-9]{0,15}")
"""Without hyphens, so that no name is the end of another's host; short, for Google's sake."""

_TAG_NAME, _TAG_OWNER, _TAG_END = "efd:sandbox", "efd:owner", "efd:end"


@dataclass(frozen=True, kw_only=True)
class Marks:
    """One sandbox."""

    name: str
    owner: str
    end: datetime
    """In UTC, to the second."""

    @property
    def stack(self) -> str:
        """Its stack, which is its site too."""
        return f"{STACK_PREFIX}{self.name}"

    @property
    def cluster(self) -> str:
        """Its cluster, as the cloud calls it."""
        return f"{CLUSTER_PREFIX}{self.stack}"

    @property
    def tags(self) -> dict[str, str]:
        """The mark in the state: tags of its stack."""
        return {_TAG_NAME: self.name, _TAG_OWNER: self.owner, _TAG_END: EndTime.of(self.end)}

    @property
    def labels(self) -> dict[str, str]:
        """The mark in the cloud, as the program gives it to resources there."""
        end = self.end.strftime(LABEL_TIME)
        return {NAME_LABEL: self.stack, OWNER_LABEL: self.owner, END_LABEL: end}

    @classmethod
    def of_tags(cls, stack: str, tags: Mapping[str, str]) -> Self | None:
        """Return what the tags of ``stack`` say; nothing if they do not make it a sandbox."""
        name = tags.get(_TAG_NAME, "")
        end = _time(tags.get(_TAG_END, ""), "%Y-%m-%dT%H:%M:%SZ")
        if end is None or stack != f"{STACK_PREFIX}{name}" or not NAME.fullmatch(name):
            return None
        return cls(name=name, owner=tags.get(_TAG_OWNER, ""), end=end)

    @classmethod
    def of_labels(cls, labels: Mapping[str, str]) -> Self | None:
        """Return what labels in the cloud say; nothing if they do not make it a sandbox's."""
        site = labels.get(NAME_LABEL, "")
        name = site.removeprefix(STACK_PREFIX)
        end = _time(labels.get(END_LABEL, ""), LABEL_TIME)
        if end is None or not site.startswith(STACK_PREFIX) or not NAME.fullmatch(name):
            return None
        return cls(name=name, owner=labels.get(OWNER_LABEL, ""), end=end)


def _time(text: str, form: str) -> datetime | None:
    try:
        return datetime.strptime(text, form).replace(tzinfo=UTC)
    except ValueError:
        return None
