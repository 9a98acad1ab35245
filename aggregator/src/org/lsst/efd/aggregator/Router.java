package org.lsst.efd.aggregator;

import java.nio.charset.StandardCharsets;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;

/**
 * Sends every record on as it came, under its topic's name.
 *
 * <p>Kafka Streams deals out partitions by their numbers: SAL's topics have one each, and would all
 * be one worker's. By the name they are dealt out to all.
 */
final class Router extends ContextualProcessor<byte[], byte[], String, byte[]> {
    @Override
    public void process(final Record<byte[], byte[]> record) {
        final RecordMetadata from = context().recordMetadata().orElseThrow();
        final String where = from.topic() + "-" + from.partition() + "@" + from.offset();
        record.headers().add("efd.source", where.getBytes(StandardCharsets.UTF_8));
        context().forward(record.withKey(from.topic()));
    }
}
