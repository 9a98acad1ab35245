"""What happened, as points of the measurement ``backup``.

METRICS  the database; absent: nothing is written
"""

from collections.abc import Mapping

from .influx import Influx

MEASUREMENT = "backup"


def report(  # noqa: PLR0913 -- the fields of a point
    influx: Influx,
    environ: Mapping[str, str],
    what: str,
    *,
    ok: bool,
    age: float | None,
    size: int = 0,
    seconds: float = 0.0,
) -> None:
    """Write one point; ``age``, where anything of this kind is kept, is that of the newest."""
    if "METRICS" not in environ:
        return
    fields = [f"ok={int(ok)}i", f"bytes={size}i", f"seconds={seconds:.3f}"]
    if age is not None:
        fields.append(f"age={age:.1f}")
    influx.write(environ["METRICS"], f"{MEASUREMENT},what={what} {','.join(fields)}")
