"""Rules of Kafka's users."""

from collections import Counter
from collections.abc import Iterator

from efd_infra.config.mistake import Mistake
from efd_infra.config.site import Site

_USERS = "streaming.kafka.users"


def user_names_are_unique(site: Site) -> Iterator[Mistake]:
    """One name has one password."""
    users = site.streaming.kafka.users
    names = Counter(user.name for user in users)
    for index, user in enumerate(users):
        if names[user.name] > 1:
            yield Mistake(f"{_USERS}.{index}.name", user.name, "a name used once")


def users_have_a_purpose(site: Site) -> Iterator[Mistake]:
    """A user without one could log in and do nothing."""
    for index, user in enumerate(site.streaming.kafka.users):
        if not (user.produces or user.consumes or user.mirrors):
            yield Mistake(
                f"{_USERS}.{index}", user.name, "at least one of produces, consumes and mirrors"
            )


def groups_have_something_to_consume(site: Site) -> Iterator[Mistake]:
    """A consumer group reads topics; without any it would only be a name."""
    for index, user in enumerate(site.streaming.kafka.users):
        if user.groups and not user.consumes:
            path = f"{_USERS}.{index}"
            yield Mistake(
                f"{path}.groups", ", ".join(user.groups), f"absent, because {path}.consumes is"
            )


def users_have_a_listener(site: Site) -> Iterator[Mistake]:
    """Inside the cluster nobody logs in; without the external listener no user would."""
    kafka = site.streaming.kafka
    if kafka.users and not kafka.external:
        yield Mistake(
            _USERS,
            ", ".join(user.name for user in kafka.users),
            "absent, because streaming.kafka.external is",
        )


RULES = (
    user_names_are_unique,
    users_have_a_purpose,
    groups_have_something_to_consume,
    users_have_a_listener,
)
