"""Every value that a site can say changes something: nothing is accepted and ignored.

The original's charts ignored settings in silence, among them the size of records and an image.
"""

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from itertools import count
from typing import Any

import pytest
from pydantic import BaseModel

from efd_infra.config.parsing import parse_site
from rendering.engine import run_program
from tests.support.canonical import canonical
from tests.support.full_site import at, changed, full_site
from tests.support.other_values import OTHER, UNLIKE
from tests.support.token import Token, token

_NOTHING_RENDERED = {
    "cluster.enforcesStorageSize": "decides whether a store too small is refused or warned of",
    "streaming.kafka.ingestPerDay": "what the refusal or the warning is calculated from",
    "archive.parquet.expectedTopics": "what the open files are counted from",
    "archive.parquet.partitionsPerTopic": "the same",
    "replication.outageBudget": "what the source's retention is compared with",
}
"""Values that are there for the rules, which ``tests/config`` shows."""

_ABSENT = {
    "cluster.certificate.issuer": "excludes a secret",
    "streaming.kafka.external.addresses": "are a load balancer's",
    "backup.claim": "excludes a bucket",
    "images.artifactMirror": "would take the place of other addresses",
    "timeseries.kapacitor.storage.storageClass": "would leave no store with the cluster's class",
}
"""Values that the full site does not say, so that it can say all others."""

_TRIED_ELSEWHERE = {
    "cloud": "excludes a durable site; tests/components/cloud",
    "dns": "names other values of the site; tests/components/dns",
}
"""Sections of which another site says everything."""

_INSTEAD: dict[str, tuple[dict[str, Any], Any, str]] = {
    "cluster.certificate.issuer": ({}, "another-name", "another-name"),
    "backup.claim": (
        {"rehearsal": {"storage": {"size": "1Gi"}}},
        {"size": "77Gi", "storageClass": "another-name"},
        "77Gi",
    ),
    "images.artifactMirror": ({}, "https://another-name", "https://another-name"),
    "streaming.kafka.external.addresses": (
        {
            "type": "LoadBalancer",
            "bootstrap": "kafka.example.org",
            "advertised": "kafka-{broker}.example.org",
        },
        [f"192.0.2.{broker}" for broker in range(4)],
        "192.0.2.3",
    ),
}
"""For some of these, what their section says instead, their value, and what is rendered of it."""


def _leaves(value: Any, path: str = "") -> Iterator[str]:
    """Yield the path of every value in a site; lists of texts and mappings count as one."""
    if isinstance(value, dict) and not path.endswith("nodeLabels"):
        for key, item in value.items():
            yield from _leaves(item, f"{path}.{key}" if path else key)
    elif isinstance(value, list) and isinstance(value[0], dict):
        for index, item in enumerate(value):
            yield from _leaves(item, f"{path}.{index}")
    else:
        yield path


def _fields(value: BaseModel, path: str = "") -> Iterator[str]:
    """Yield the path of every field of a parsed site."""
    for name, field in type(value).model_fields.items():
        here = f"{path}.{field.alias}" if path else str(field.alias)
        item = getattr(value, name)
        items = item if isinstance(item, tuple) else [item]
        sections = [section for section in items if isinstance(section, BaseModel)]
        if not sections:
            yield here
        for index, section in enumerate(sections):
            yield from _fields(section, f"{here}.{index}" if isinstance(item, tuple) else here)


@cache
def _rendered(path: str | None = None) -> str:
    site = full_site()
    if path is not None:
        value = at(site, path)
        site = changed(site, path, OTHER.get(path, not value))
    return canonical(run_program(site))


_LEAVES = list(_leaves(full_site()))


def _tokens() -> Iterator[tuple[str, Token]]:
    """Yield one for each place that can have one, none rendered like another or like the site."""
    used: set[str] = set()
    for number, path in enumerate(_LEAVES, start=1):
        other = count(number)
        while unlike := token(path, at(full_site(), path), next(other)):
            if not used & set(unlike.forms) and not unlike.stands_in(_rendered()):
                used |= set(unlike.forms)
                yield path, unlike
                break


_TOKENS = {path: unlike for path, unlike in _tokens() if path not in OTHER} | UNLIKE


@cache
def _rendered_with_all_tokens() -> str:
    site = full_site()
    for path, unlike in _TOKENS.items():
        site = changed(site, path, unlike.value)
    return canonical(run_program(site))


def test_the_full_site_says_every_value_there_is() -> None:
    said = {re.sub(r"\.\d+\.", ".", leaf) for leaf in _LEAVES}
    known = {re.sub(r"\.\d+\.", ".", field) for field in _fields(parse_site(full_site()))}
    # A section that one item of a list has and another has not.
    known -= {field for field in known if any(leaf.startswith(f"{field}.") for leaf in said)}
    assert known - said == {*_ABSENT, *_TRIED_ELSEWHERE}, "add the new value to the full site"


def test_no_two_values_are_rendered_alike() -> None:
    forms = Counter(form for unlike in _TOKENS.values() for form in unlike.forms)
    assert [form for form, times in forms.items() if times > 1] == []


@pytest.mark.parametrize("path", _TOKENS)
def test_a_word_or_amount_is_rendered(path: str) -> None:
    assert _TOKENS[path].stands_in(_rendered_with_all_tokens())


@pytest.mark.parametrize(
    "path",
    [
        p
        for p in _LEAVES
        if p not in {*_TOKENS, *_NOTHING_RENDERED} and OTHER.get(p, "") is not None
    ],
)
def test_a_changed_value_changes_what_is_rendered(path: str) -> None:
    assert _rendered(path) != _rendered()


def test_what_only_rules_need_is_not_rendered() -> None:
    site = full_site()
    for path in _NOTHING_RENDERED:
        site = changed(site, path, OTHER[path])
    assert canonical(run_program(site)) == _rendered()


@pytest.mark.parametrize("path", _ABSENT)
def test_what_the_full_site_cannot_say_is_rendered_too(path: str) -> None:
    section, _, key = path.rpartition(".")
    kept, other, token = _INSTEAD.get(
        path, (at(full_site(), section), "another-name", "another-name")
    )
    site = changed(full_site(), section, {**kept, key: other})
    assert token in canonical(run_program(site))
