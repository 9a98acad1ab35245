"""Rules of a site's own thresholds."""

from collections import Counter
from collections.abc import Iterator

from efd_infra.config.mistake import Mistake
from efd_infra.config.signals import SIGNALS, signals
from efd_infra.config.site import Site

_THRESHOLDS = "timeseries.kapacitor.thresholds"


def thresholds_are_of_alerts(site: Site) -> Iterator[Mistake]:
    """Each is of an alert that there is, says a number, and is said once."""
    own = site.timeseries.kapacitor.thresholds if site.timeseries.kapacitor else ()
    known = [signal.name for signal in SIGNALS]
    names = Counter(threshold.alert for threshold in own)
    for index, threshold in enumerate(own):
        path = f"{_THRESHOLDS}.{index}"
        if threshold.alert not in known:
            yield Mistake(f"{path}.alert", threshold.alert, f"one of {', '.join(known)}")
        elif names[threshold.alert] > 1:
            yield Mistake(f"{path}.alert", threshold.alert, "an alert named once")
        if threshold.warning is None and threshold.critical is None:
            yield Mistake(path, "no number", "warning, critical or both")


def warnings_come_before_what_is_critical(site: Site) -> Iterator[Mistake]:
    """The numbers of all sites stand where a site gives only one."""
    own = site.timeseries.kapacitor.thresholds if site.timeseries.kapacitor else ()
    for index, threshold in enumerate(own):
        signal = signals(site).get(threshold.alert)
        if signal and not signal.is_ordered:
            yield Mistake(
                f"{_THRESHOLDS}.{index}",
                f"warning {signal.warning:g}, critical {signal.critical:g}",
                f"a warning {'above' if signal.low else 'below'} what is critical",
            )


RULES = (thresholds_are_of_alerts, warnings_come_before_what_is_critical)
