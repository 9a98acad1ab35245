"""What the images are made of: one line each. Hashes are in go.sum where Go fetches.

Debian packages have the version that the machine's own Debian has.
"""

KAFKA = "4.3.1"
LOG4J = "2.25.1"
APICURIO = "3.0.9"
"""The newest registry with Kafka storage that starts without settings of its own."""
APICURIO_CONVERTER = "2.6.13.Final"
"""The last with a converter for Kafka Connect whose Avro is Confluent's."""
JAVA = "17"
MAVEN_DEPENDENCY_PLUGIN = "org.apache.maven.plugins:maven-dependency-plugin:2.8"
"""Newer ones read an artifact's parents too, and Apicurio's are not published."""

INFLUXDB = "1.8.3"
"""As in influxdb/go.mod. The last 1.8 that is a Go module: the program names 1.8.10."""
TELEGRAF = "1.37.2"
"""As in telegraf/go.mod."""
KAFKACONNECT = "1.3.1"
"""As in connect_manager/requirements.txt."""
DEBEZIUM = "3.4.3.Final"
POSTGRESQL = "15"
FETCH = "1"
PAUSE = "1"
