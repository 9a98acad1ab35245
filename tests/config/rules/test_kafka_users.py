"""Rules of Kafka's users."""

from tests.support.full_site import changed, full_site, without
from tests.support.refusal import mistakes


def test_two_users_of_one_name_are_refused() -> None:
    assert mistakes(changed(full_site(), "streaming.kafka.users.0.name", "analyst")) == [
        "streaming.kafka.users.0.name: given analyst; allowed: a name used once",
        "streaming.kafka.users.1.name: given analyst; allowed: a name used once",
    ]


def test_a_user_without_a_purpose_is_refused() -> None:
    assert mistakes(without(full_site(), "streaming.kafka.users.0.produces")) == [
        (
            "streaming.kafka.users.0: given sal-writer; "
            "allowed: at least one of produces, consumes, mirrors and monitors"
        )
    ]


def test_groups_without_topics_are_refused() -> None:
    site = changed(full_site(), "streaming.kafka.users.0.groups", ["g-", "h-"])
    assert mistakes(site) == [
        (
            "streaming.kafka.users.0.groups: given g-, h-; "
            "allowed: absent, because streaming.kafka.users.0.consumes is"
        )
    ]


def test_a_consumer_may_do_without_groups() -> None:
    assert mistakes(without(full_site(), "streaming.kafka.users.1.groups")) == []


def test_users_that_nothing_would_ask_are_refused() -> None:
    site = changed(full_site(), "streaming.kafka.internal.anonymous", value=True)
    assert mistakes(without(site, "streaming.kafka.external")) == [
        (
            "streaming.kafka.users: given sal-writer, analyst, far-mirror, exporter; "
            "allowed: absent, because streaming.kafka.internal is anonymous and external absent"
        )
    ]
    assert mistakes(without(full_site(), "streaming.kafka.external")) == []


def test_whoever_is_anonymous_comes_from_named_namespaces() -> None:
    anonymous = changed(full_site(), "streaming.kafka.internal", {"anonymous": True})
    assert mistakes(anonymous) == [
        (
            "streaming.kafka.internal.namespaces: given none; "
            "allowed: at least one, because streaming.kafka.internal is anonymous"
        )
    ]


def test_the_names_of_the_program_s_own_services_are_refused() -> None:
    assert mistakes(changed(full_site(), "streaming.kafka.users.0.name", "efd-connect")) == [
        (
            "streaming.kafka.users.0.name: given efd-connect; "
            "allowed: a name that does not begin with efd-"
        )
    ]


def test_a_wildcard_is_no_prefix() -> None:
    assert mistakes(changed(full_site(), "streaming.kafka.users.1.groups", ["*"])) == [
        (
            'streaming.kafka.users.1.groups.0: given "*"; '
            "allowed: letters, digits, dots, underscores and hyphens, such as lsst.sal.; "
            "no wildcard"
        )
    ]


def test_a_mirror_without_a_login_is_refused() -> None:
    """An external listener always asks for one."""
    (mistake,) = mistakes(without(full_site(), "replication.login"))
    assert mistake.startswith("replication.login: given nothing;")
