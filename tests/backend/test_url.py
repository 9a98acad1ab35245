"""What of the address that `pulumi login` takes the command reads, and what it refuses."""

import pytest

from backend.url import BackendUrl, backend_url
from bucket.store import Place
from verify.finding import UnaskedError


@pytest.mark.parametrize(
    ("url", "place", "folder"),
    [
        ("s3://Kept", Place("Kept", "us-east-1", None, path_style=False), ""),
        (
            "s3://kept/a/b/?region=eu-west-1&profile=team&awssdk=v2",
            Place("kept", "eu-west-1", None, path_style=False, profile="team"),
            "a/b/",
        ),
        (
            "s3://kept?endpoint=https://s3.example.org:9000&use_path_style=true",
            Place("kept", "us-east-1", "https://s3.example.org:9000"),
            "",
        ),
        (
            "s3://kept?endpoint=s3.example.org",
            Place("kept", "us-east-1", "https://s3.example.org", path_style=False),
            "",
        ),
        (
            "s3://kept?endpoint=127.0.0.1:5000&disableSSL=true&s3ForcePathStyle=true",
            Place("kept", "us-east-1", "http://127.0.0.1:5000"),
            "",
        ),
    ],
)
def test_an_address_says_where_the_bucket_is(url: str, place: Place, folder: str) -> None:
    assert backend_url(url, None) == BackendUrl(place, folder)


def test_the_region_is_that_of_whoever_asks_where_none_is_named() -> None:
    assert backend_url("s3://kept", "sa-east-1").place.region == "sa-east-1"
    assert backend_url("s3://kept?region=eu-west-1", "sa-east-1").place.region == "eu-west-1"


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("file:///tmp", 'given "file:///tmp"; allowed: s3://BUCKET/'),
        ("https://s3.example.org/kept", "allowed: s3://BUCKET/"),
        ("s3://", "allowed: s3://BUCKET/"),
        ("s3://kept?role=arn:x", "given role; allowed: awssdk, "),
        ("s3://kept?endpoint=http://s3.example.org", "an https address, for state has passwords"),
        ("s3://kept?endpoint=s3.example.org&disable_https=true", "allowed: an https address"),
        ("s3://kept?disableSSL=true", "given disableSSL; allowed: with an endpoint"),
    ],
)
def test_what_is_no_address_of_a_bucket_is_refused(url: str, told: str) -> None:
    with pytest.raises(UnaskedError) as refused:
        backend_url(url, None)
    assert told in str(refused.value)
