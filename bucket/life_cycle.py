"""The life cycle: what is current stays, what was replaced stays a while, halves of files go."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bucket.seen import Seen
from bucket.store import Bucket

_REPLACED, _HALF = "efd-replaced-versions", "efd-incomplete-uploads"

_Rule = dict[str, Any]


@dataclass(frozen=True)
class LifeCycle:
    """What a bucket forgets, and when."""

    replaced_days: int
    """Days for which a version that was replaced or removed is kept at least."""
    half_days: int
    """Days after which the parts of a file that was never completed go."""

    def replaced_versions(self, bucket: Bucket) -> Seen:
        """See whether versions that were replaced go at last, and not too soon."""
        ends = [
            (rule, int(rule["NoncurrentVersionExpiration"].get("NoncurrentDays", 0)))
            for rule in _rules(bucket)
            if "NoncurrentVersionExpiration" in rule
        ]
        for rule, days in ends:
            if days < self.replaced_days:
                told = f"{_name(rule)} removes them after {days} days, not {self.replaced_days}"
                return Seen(good=False, told=f"{told}; nothing was done to it")
        for rule, days in ends:
            if _whole(rule):
                return Seen(good=True, told=f"kept for {days} days")
        ours = {"NoncurrentVersionExpiration": {"NoncurrentDays": self.replaced_days}}
        return _added(bucket, _REPLACED, ours, "kept for ever, each time a file is written again")

    def incomplete_uploads(self, bucket: Bucket) -> Seen:
        """See whether parts of files that nobody completed go at last."""
        for rule in _rules(bucket):
            if "AbortIncompleteMultipartUpload" in rule and _whole(rule):
                days = rule["AbortIncompleteMultipartUpload"]["DaysAfterInitiation"]
                return Seen(good=True, told=f"removed after {days} days")
        ours = {"AbortIncompleteMultipartUpload": {"DaysAfterInitiation": self.half_days}}
        return _added(bucket, _HALF, ours, "kept for ever, unseen")


def current_files(bucket: Bucket) -> Seen:
    """See whether anything removes current files or moves them away; such a rule is not ours."""
    for rule in _rules(bucket):
        ends = rule.get("Expiration", {})
        if "Days" in ends or "Date" in ends:
            told = f"rule {_name(rule)} removes files; nothing was done to it"
            return Seen(good=False, told=told)
    return Seen(good=True, told="no rule removes them")


def _added(bucket: Bucket, name: str, does: _Rule, told: str) -> Seen:
    """Tell what is missing, and how a rule is added to those that are there."""
    present = _all_rules(bucket)
    if any(rule.get("ID") == name for rule in present):
        return Seen(good=False, told=f"a rule {name} says something else; remove it first")

    def mend() -> None:
        ours = {"ID": name, "Status": "Enabled", "Filter": {"Prefix": ""}, **does}
        bucket.change(
            bucket.client.put_bucket_lifecycle_configuration,
            LifecycleConfiguration={"Rules": [*present, ours]},
        )

    return Seen(good=False, told=told, mend=mend)


def _all_rules(bucket: Bucket) -> list[_Rule]:
    question = bucket.client.get_bucket_lifecycle_configuration
    rules: list[_Rule] = bucket.read(question, "NoSuchLifecycleConfiguration").get("Rules", [])
    return rules


def _rules(bucket: Bucket) -> Iterator[_Rule]:
    """Yield the rules that are in force."""
    return (rule for rule in _all_rules(bucket) if rule.get("Status") == "Enabled")


def _whole(rule: Mapping[str, Any]) -> bool:
    """Whether a rule is about all files, in either of the forms in which that is said."""
    filtered = rule.get("Filter", {"Prefix": rule.get("Prefix", "")})
    return filtered in ({}, {"Prefix": ""})


def _name(rule: Mapping[str, Any]) -> str:
    return str(rule.get("ID", "without a name"))
