"""A few CSCs of the observatory, with the rates and shapes of their topics as in ts_xml.

The names are real; of long lists of fields only the first few are here.
"""

from collections.abc import Sequence
from dataclasses import replace

from devkit.errors import DevkitError
from devkit.traffic.topic import Field, Kind, Topic


def _doubles(*names: str, length: int = 0, gaps: bool = False) -> tuple[Field, ...]:
    return tuple(Field(name, Kind.DOUBLE, length, gaps) for name in names)


def _longs(*names: str, length: int = 0) -> tuple[Field, ...]:
    return tuple(Field(name, Kind.LONG, length) for name in names)


def _strings(*names: str) -> tuple[Field, ...]:
    return tuple(Field(name, Kind.STRING) for name in names)


TIMESTAMP = _doubles("timestamp")
FORCES = _doubles("fx", "fy", "fz", "mx", "my", "mz")
POSITION = _doubles("xPosition", "yPosition", "zPosition", "xRotation", "yRotation", "zRotation")
DRIVE = _doubles(
    "actualPosition", "actualVelocity", "actualTorque", "demandPosition", "demandVelocity"
)
TARGET = _doubles("elevation", "elevationVelocity", "azimuth", "azimuthVelocity", "taiTime")
SCALARS = (
    Field("boolean0", Kind.BOOLEAN),
    *_longs("byte0", "short0", "int0", "long0", "longLong0"),
    *_strings("string0"),
    *_doubles("float0", "double0", gaps=True),
)
ARRAYS = (
    Field("boolean0", Kind.BOOLEAN, 5),
    *_longs("short0", "int0", "longLong0", length=5),
    *_doubles("float0", "double0", length=5, gaps=True),
)


def _always(csc: str) -> tuple[Topic, ...]:
    """Topics that every CSC has."""
    log = (
        *_strings("name"),
        *_longs("level"),
        *_strings("message", "traceback", "filePath", "functionName"),
        *_longs("lineNumber", "process"),
        *TIMESTAMP,
    )
    acknowledgement = (
        *_longs("ack", "error"),
        *_strings("result", "identity"),
        *_longs("origin", "cmdtype"),
        *_doubles("timeout"),
    )
    return (
        Topic(csc, "logevent_heartbeat", 1, (Field("heartbeat", Kind.BOOLEAN),)),
        Topic(csc, "logevent_summaryState", 0.1, _longs("summaryState"), irregular=True),
        Topic(csc, "logevent_logMessage", 0.5, log, irregular=True),
        Topic(csc, "command_setLogLevel", 0.1, _longs("level"), irregular=True),
        Topic(csc, "ackcmd", 0.5, acknowledgement, irregular=True),
    )


def _test(csc: str) -> tuple[Topic, ...]:
    """Topics of SAL's own Test CSC, which has a field of every kind."""
    return (
        Topic(csc, "scalars", 10, SCALARS),
        Topic(csc, "arrays", 5, ARRAYS),
        Topic(csc, "logevent_scalars", 1, SCALARS, irregular=True),
        Topic(csc, "command_setScalars", 0.5, SCALARS, irregular=True),
        *_always(csc),
    )


_OWN = {
    "MTM1M3": (
        Topic(
            "MTM1M3",
            "forceActuatorData",
            50,
            (
                *TIMESTAMP,
                *_doubles("xForce", length=12),
                *_doubles("yForce", length=100),
                *_doubles("zForce", length=156),
                *FORCES,
                *_doubles("forceMagnitude"),
            ),
        ),
        Topic(
            "MTM1M3",
            "hardpointActuatorData",
            50,
            (
                *TIMESTAMP,
                *_longs("stepsQueued", "stepsCommanded", "encoder", length=6),
                *_doubles("measuredForce", "displacement", length=6),
                *FORCES,
            ),
        ),
        Topic(
            "MTM1M3",
            "imsData",
            50,
            (*TIMESTAMP, *_doubles("rawSensorData", length=8), *POSITION),
        ),
        Topic(
            "MTM1M3",
            "logevent_forceActuatorWarning",
            0.5,
            (*TIMESTAMP, Field("anyWarning", Kind.BOOLEAN), Field("minorFault", Kind.BOOLEAN, 16)),
            irregular=True,
        ),
    ),
    "MTMount": (
        Topic("MTMount", "azimuth", 20, (*DRIVE, *TIMESTAMP)),
        Topic("MTMount", "elevation", 20, (*DRIVE, *TIMESTAMP)),
        Topic("MTMount", "cameraCableWrap", 10, (*DRIVE, *TIMESTAMP)),
        Topic(
            "MTMount",
            "command_trackTarget",
            20,
            (*TARGET, *_longs("trackId"), *_strings("tracksys", "radesys")),
        ),
        Topic(
            "MTMount",
            "logevent_axesInPosition",
            1,
            (Field("elevation", Kind.BOOLEAN), Field("azimuth", Kind.BOOLEAN)),
            irregular=True,
        ),
    ),
    "ATDome": (
        Topic(
            "ATDome",
            "position",
            5,
            _doubles(
                "dropoutDoorOpeningPercentage", "mainDoorOpeningPercentage", "azimuthPosition"
            ),
        ),
        Topic("ATDome", "command_moveAzimuth", 0.2, _doubles("azimuth"), irregular=True),
    ),
    "ATMCS": (
        Topic(
            "ATMCS",
            "mount_AzEl_Encoders",
            1,
            (
                *_doubles("cRIO_timestamp"),
                *_doubles("elevationCalculatedAngle", "azimuthCalculatedAngle", length=100),
            ),
        ),
    ),
    "ESS": (
        Topic(
            "ESS",
            "temperature",
            1,
            (
                *_strings("sensorName", "location"),
                *TIMESTAMP,
                *_longs("numChannels"),
                *_doubles("temperatureItem", length=16, gaps=True),
            ),
        ),
        Topic(
            "ESS",
            "airTurbulence",
            1,
            (
                *_strings("sensorName"),
                *TIMESTAMP,
                *_doubles("speed", length=3, gaps=True),
                *_doubles("speedMagnitude", "sonicTemperature", gaps=True),
            ),
        ),
    ),
}

CSCS = (*_OWN, "Test")
"""The CSCs that make traffic unless others are named."""


def topics(cscs: Sequence[str] = CSCS) -> tuple[Topic, ...]:
    """The topics of these CSCs; a name not known here gets the topics of the Test CSC."""
    return tuple(
        topic
        for csc in dict.fromkeys(cscs)
        for topic in ((*_OWN[csc], *_always(csc)) if csc in _OWN else _test(csc))
    )


def topic(name: str) -> Topic:
    """The topic of this full name."""
    csc = name.removeprefix("lsst.sal.").partition(".")[0]
    for each in topics([csc]):
        if each.name == name:
            return each
    raise DevkitError(f"there is no topic {name!r}", "its records came from somewhere else")


def at_total_rate(chosen: Sequence[Topic], rate: float) -> tuple[Topic, ...]:
    """These topics in the same proportions with `rate` records per second in all."""
    return at_load(chosen, rate / sum(each.rate for each in chosen))


def at_load(chosen: Sequence[Topic], factor: float) -> tuple[Topic, ...]:
    """These topics with `factor` times their rates."""
    return tuple(replace(each, rate=each.rate * factor) for each in chosen)
