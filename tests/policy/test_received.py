"""What the engine tells of a resource becomes plain data; what it cannot know is left out."""

from typing import Any, cast

from pulumi_policy import PolicyResource
from pulumi_policy.proxy import UNKNOWN_STRING_VALUE, unknown_checking_proxy

from policy.received import Received, received
from policy.rules import RULES
from tests.support.judged import stack


class _Options:
    """The options of a resource, as far as they are looked at."""

    protect = True


def _told(props: dict[str, Any]) -> Received:
    given = PolicyResource(
        "kubernetes:core/v1:Pod",
        unknown_checking_proxy(props),
        "urn:pod",
        "pod",
        cast("Any", _Options()),
        None,
        None,
        [],
        {},
    )
    return received(given)


def test_what_is_known_is_as_it_was() -> None:
    pod = _told({"kind": "Pod", "spec": {"a": [1.0, {"b": True}], "c": None}, "__inputs": {}})
    assert pod.inputs == {"kind": "Pod", "spec": {"a": [1, {"b": True}], "c": None}}
    assert isinstance(pod.inputs["spec"]["a"][0], int)
    assert pod.protect
    assert not pod.is_unknown(("spec",))


def test_what_is_unknown_is_left_out_and_remembered() -> None:
    pod = _told({"metadata": {"name": UNKNOWN_STRING_VALUE, "labels": {"a": "b"}}})
    assert pod.inputs == {"metadata": {"labels": {"a": "b"}}}
    assert pod.is_unknown(("metadata", "name"))
    assert pod.is_unknown(("metadata",)), "a part of it is"
    assert pod.is_unknown(("metadata", "name", "x")), "what is around it is"
    assert not pod.is_unknown(("metadata", "labels"))
    assert not pod.is_unknown(()), "the resource itself is there"


def test_the_places_in_a_list_with_an_unknown_entry_are_unknown() -> None:
    pod = _told({"spec": {"args": ["a", UNKNOWN_STRING_VALUE, "b"], "other": [1]}})
    assert pod.inputs["spec"]["args"] == ["a", "b"]
    assert pod.is_unknown(("spec", "args", 1))
    assert not pod.is_unknown(("spec", "other", 0))


def test_no_rule_takes_an_unknown_value_for_a_wrong_one() -> None:
    """Each value of each resource in turn is unknown; nothing is found and nothing fails."""
    for resource in stack():
        for path in _leaves(resource.inputs):
            if path[0] in {"kind", "metadata"} or {"labels", "matchLabels"} & set(path):
                continue  # names and labels are known; rules find resources by them
            changed = _unknown_at(resource.inputs, path)
            told = received(
                PolicyResource(
                    resource.token,
                    unknown_checking_proxy(changed),
                    resource.urn,
                    resource.name,
                    cast("Any", resource),
                    None,
                    None,
                    [],
                    {},
                )
            )
            resources = [told if each.urn == resource.urn else each for each in stack()]
            found = [str(v) for rule in RULES for v in rule.violations(resources)]
            assert found == [], f"{resource} at {path}"


def _leaves(value: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    if isinstance(value, dict):
        return [leaf for key, item in value.items() for leaf in _leaves(item, (*path, key))]
    if isinstance(value, list):
        return [leaf for key, item in enumerate(value) for leaf in _leaves(item, (*path, key))]
    return [path]


def _unknown_at(value: Any, path: tuple[str | int, ...]) -> Any:
    if not path:
        return UNKNOWN_STRING_VALUE
    if isinstance(value, dict):
        return {k: _unknown_at(v, path[1:]) if k == path[0] else v for k, v in value.items()}
    return [_unknown_at(v, path[1:]) if k == path[0] else v for k, v in enumerate(value)]
