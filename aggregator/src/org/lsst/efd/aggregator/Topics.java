package org.lsst.efd.aggregator;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.TopicExistsException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes the topics that are written to, which Kafka Streams does not. */
final class Topics implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Topics.class);
    private static final Duration ANSWER = Duration.ofSeconds(30);

    private final Settings settings;
    private final Admin admin;
    private final Set<String> known = ConcurrentHashMap.newKeySet();

    Topics(final Settings settings) {
        this.settings = settings;
        final Properties client = settings.streams();
        final Map<String, Object> values = new HashMap<>();
        client.stringPropertyNames().forEach(key -> values.put(key, client.getProperty(key)));
        this.admin = Admin.create(values);
        // A question takes 60 ms, and a worker that starts would ask for each of a thousand.
        known.addAll(answer(admin.listTopics().names(), "topics cannot be listed"));
    }

    void ensure(final String name) {
        if (known.contains(name)) {
            return;
        }
        final NewTopic topic = new NewTopic(name, settings.partitions, settings.copies);
        try {
            answer(admin.createTopics(List.of(topic)).all(), "topic " + name + " cannot be made");
            LOG.info("topic {} is made", name);
        } catch (TopicExistsException error) {
            LOG.info("topic {} is there", name);
        }
        known.add(name);
    }

    private static <T> T answer(final KafkaFuture<T> asked, final String otherwise) {
        try {
            return asked.get(ANSWER.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException error) {
            if (error.getCause() instanceof TopicExistsException exists) {
                throw exists;
            }
            throw new IllegalStateException(otherwise, error.getCause());
        } catch (TimeoutException error) {
            throw new IllegalStateException(otherwise + ": no answer", error);
        } catch (InterruptedException error) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(otherwise + ": ended meanwhile", error);
        }
    }

    @Override
    public void close() {
        admin.close(ANSWER);
    }
}
