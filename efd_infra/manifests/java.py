"""Options of the Java virtual machine, alike for every server that runs on one."""

from efd_infra.config.values import Quantity

KAFKA_LIBS = "/opt/kafka/libs"
"""Where the images of Apache Kafka and of Strimzi keep Kafka's classes."""

KAFKA_CLASSES = f"{KAFKA_LIBS}/*"
"""The class path of everything that Apache Kafka ships: brokers, Connect, MirrorMaker 2."""


def jvm_options(heap: Quantity, logging_dir: str) -> list[str]:
    """Return the options: a fixed heap, Kafka's garbage collection, logs to standard output.

    The logging settings of both generations are named; a server reads the one it knows.
    """
    return [
        f"-Xms{heap.mebibytes}m",
        f"-Xmx{heap.mebibytes}m",
        # The collector settings that Kafka's own start scripts choose (bin/kafka-run-class.sh).
        "-XX:+UseG1GC",
        "-XX:MaxGCPauseMillis=20",
        "-XX:InitiatingHeapOccupancyPercent=35",
        "-XX:+ExplicitGCInvokesConcurrent",
        # A server out of memory half works; a restart is honest.
        "-XX:+ExitOnOutOfMemoryError",
        "-Xlog:gc:stdout:time,level,tags",
        f"-Dlog4j2.configurationFile={logging_dir}/log4j2.properties",
        f"-Dlog4j.configuration=file:{logging_dir}/log4j.properties",
    ]
