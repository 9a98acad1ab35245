"""One run of the program for all sites under the recording monitor, in a process of its own."""

import json
import resource
import sys
import time

from tests.support.site_case import SITES


def peak_mib() -> float:
    """Return the most memory that this process has had, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main(names: list[str]) -> None:
    """Validate the named sites, or all, run the program for each, and tell what it took."""
    sites = [site for site in SITES if not names or site.name in names]
    started = time.perf_counter()
    for each in sites:
        _ = each.site
    validated = time.perf_counter()
    objects = sum(len(each.run.objects) for each in sites)
    rendered = time.perf_counter()
    told = {
        "sites": len(sites),
        "objects": objects,
        "validate": validated - started,
        "render": rendered - validated,
        "peak": peak_mib(),
    }
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    main(sys.argv[1:])
