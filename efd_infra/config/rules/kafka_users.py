"""Rules of Kafka's users."""

from collections import Counter
from collections.abc import Iterator

from efd_infra.config.mistake import Mistake
from efd_infra.config.site import Site

_USERS = "streaming.kafka.users"
_RESERVED = "efd-"


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
        if not (user.produces or user.consumes or user.mirrors or user.monitors):
            yield Mistake(
                f"{_USERS}.{index}",
                user.name,
                "at least one of produces, consumes, mirrors and monitors",
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
    """Where nobody is asked to log in, no user would."""
    kafka = site.streaming.kafka
    if kafka.users and kafka.internal.anonymous and not kafka.external:
        yield Mistake(
            _USERS,
            ", ".join(user.name for user in kafka.users),
            "absent, because streaming.kafka.internal is anonymous and external absent",
        )


def services_keep_their_names(site: Site) -> Iterator[Mistake]:
    """This program's own services log in as users of that beginning."""
    for index, user in enumerate(site.streaming.kafka.users):
        if user.name.startswith(_RESERVED):
            yield Mistake(
                f"{_USERS}.{index}.name", user.name, f"a name that does not begin with {_RESERVED}"
            )


def whoever_is_anonymous_comes_from_somewhere(site: Site) -> Iterator[Mistake]:
    """Without a login the namespace is all that tells a producer from anybody else."""
    internal = site.streaming.kafka.internal
    if internal.anonymous and not internal.namespaces:
        yield Mistake(
            "streaming.kafka.internal.namespaces",
            "none",
            "at least one, because streaming.kafka.internal is anonymous",
        )


RULES = (
    user_names_are_unique,
    users_have_a_purpose,
    groups_have_something_to_consume,
    users_have_a_listener,
    services_keep_their_names,
    whoever_is_anonymous_comes_from_somewhere,
)
