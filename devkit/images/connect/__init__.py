"""Kafka Connect with an Avro converter, as the observatory's image has one, from packages alone."""

from pathlib import Path
from tempfile import TemporaryDirectory

from devkit.images import jars, kafka, maven, pins
from devkit.images.image import Image
from devkit.images.layer import Layer
from devkit.progress import step

_FOLDER = Path(__file__).parent
_PLUGIN = Path("opt/kafka/plugins/avro-converter")
_SERVICES = "META-INF/services/org.apache.kafka.connect.storage.Converter"
_CLASS = "io.confluent.connect.avro.AvroConverter"
_OF_THE_WORKER = ("kafka-clients", "connect-", "slf4j-", "lz4-java", "snappy-java", "zstd-jni")
"""Libraries that a worker has itself: a plugin's own copy of an interface would be another one."""
_OF_OTHER_CONVERTERS = (
    "apicurio-common-",
    "apicurio-registry-client",
    "apicurio-registry-common",
    "apicurio-registry-schema-resolver",
    "apicurio-registry-serde",
    "itu-",
    "jackson-dataformat",
    "jackson-datatype",
    "jackson-module",
    "javax.ws.rs-api",
    "json-",
    "snakeyaml",
)
"""Libraries of what is not used here: Apicurio's own converters and clients."""


def _fill(root: Path, _cache: Path) -> None:
    plugin = root / _PLUGIN
    with step("fetching the Avro converter"):
        maven.copy_dependencies(
            _FOLDER / "pom.xml", {"converter.version": pins.APICURIO_CONVERTER}, plugin
        )
    with step("compiling the Avro converter"), TemporaryDirectory() as draft:
        classes = Path(draft)
        jars.compile_java(_FOLDER / "src", plugin, classes)
        services = classes / _SERVICES
        services.parent.mkdir(parents=True)
        services.write_text(f"{_CLASS}\n")
        for jar in plugin.iterdir():
            if jar.name.startswith((*_OF_THE_WORKER, *_OF_OTHER_CONVERTERS)):
                jar.unlink()
        jars.pack(classes, plugin / "avro-converter.jar")


CONVERTER = Layer(
    "avro-converter",
    (pins.APICURIO_CONVERTER, pins.JAVA),
    (_FOLDER, Path(maven.__file__), Path(jars.__file__)),
    _fill,
)
"""The converter as a plugin, below `opt/kafka/plugins`."""

IMAGE = Image(
    "connect",
    pins.KAFKA,
    (*kafka.IMAGE.layers, CONVERTER),
    user=1001,
    command=("java",),
)
