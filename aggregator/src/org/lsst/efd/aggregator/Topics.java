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
    }

    void ensure(final String name) {
        if (known.contains(name)) {
            return;
        }
        final NewTopic topic = new NewTopic(name, settings.partitions, settings.copies);
        try {
            admin.createTopics(List.of(topic)).all().get(ANSWER.toMillis(), TimeUnit.MILLISECONDS);
            LOG.info("topic {} is made", name);
        } catch (ExecutionException error) {
            if (!(error.getCause() instanceof TopicExistsException)) {
                throw new IllegalStateException("topic " + name + " cannot be made", error.getCause());
            }
        } catch (TimeoutException error) {
            throw new IllegalStateException("topic " + name + " cannot be made: no answer", error);
        } catch (InterruptedException error) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("ended while it made topic " + name, error);
        }
        known.add(name);
    }

    @Override
    public void close() {
        admin.close(ANSWER);
    }
}
