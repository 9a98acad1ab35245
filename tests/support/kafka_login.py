"""How a component under test logs in at Kafka."""

from efd_infra.components.foundation.kafka_login import KafkaLogin

LOGIN = KafkaLogin(bootstrap="kafka:9092", secret="kafka-login")  # noqa: S106 -- a Secret's name
