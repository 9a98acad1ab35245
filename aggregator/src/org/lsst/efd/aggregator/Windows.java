package org.lsst.efd.aggregator;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.metrics.Sensor;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.state.Stores;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps records until their window closes, and sends on what they amount to.
 *
 * <p>Each topic has a time of its own, that of its newest record: one that lags behind others, as
 * after an outage, loses nothing by it. Kafka Streams' own windows go by the newest record of all
 * topics of a task. What is kept, and what is closed, is in its stores, which a transaction changes
 * together with what is sent.
 */
final class Windows extends ContextualProcessor<String, byte[], String, Output> {
    private static final Logger LOG = LoggerFactory.getLogger(Windows.class);
    private static final String KEPT = "kept";
    private static final String CLOSED = "closed";
    private static final Duration LOOK = Duration.ofSeconds(1);
    /** Milliseconds that a record may be ahead of the clock: one far ahead would close everything. */
    private static final long AHEAD = 3_600_000;

    private static final int REPORT = 60;

    private final Settings settings;
    private final Decoder decoder;
    private final Registry internal;
    private final Topics topics;
    private final Map<String, Series> series = new HashMap<>();
    private final Map<String, Map<Shape, Aggregate>> aggregates = new HashMap<>();
    private final Map<String, Integer> late = new HashMap<>();
    private KeyValueStore<Bytes, byte[]> kept;
    private KeyValueStore<String, Long> closed;
    /** As {@code late-records-total} of {@code stream-window-metrics}, by task. */
    private Sensor lateRecords;

    private long looked;
    private int looks;

    private Windows(
            final Settings settings,
            final Registry registry,
            final Registry internal,
            final Topics topics) {
        this.settings = settings;
        this.decoder = new Decoder(registry, settings.timestampField);
        this.internal = internal;
        this.topics = topics;
    }

    /** Returns what makes a processor for each task, with its stores. */
    static ProcessorSupplier<String, byte[], String, Output> supplier(
            final Settings settings,
            final Registry registry,
            final Registry internal,
            final Topics topics) {
        return new ProcessorSupplier<>() {
            @Override
            public Processor<String, byte[], String, Output> get() {
                return new Windows(settings, registry, internal, topics);
            }

            @Override
            public Set<StoreBuilder<?>> stores() {
                return Set.of(
                        Stores.keyValueStoreBuilder(
                                Stores.persistentKeyValueStore(KEPT), Serdes.Bytes(), Serdes.ByteArray()),
                        Stores.keyValueStoreBuilder(
                                Stores.persistentKeyValueStore(CLOSED), Serdes.String(), Serdes.Long()));
            }
        };
    }

    @Override
    public void init(final ProcessorContext<String, Output> context) {
        super.init(context);
        kept = context.getStateStore(KEPT);
        closed = context.getStateStore(CLOSED);
        final String task = context.taskId().toString();
        lateRecords =
                context.metrics()
                        .addRateTotalSensor("window", task, "late-records", Sensor.RecordingLevel.INFO);
        restore();
        looked = System.currentTimeMillis();
        context.schedule(LOOK, PunctuationType.WALL_CLOCK_TIME, this::look);
    }

    @Override
    public void close() {
        context().metrics().removeSensor(lateRecords);
    }

    private void restore() {
        try (KeyValueIterator<Bytes, byte[]> all = kept.all()) {
            while (all.hasNext()) {
                final KeyValue<Bytes, byte[]> entry = all.next();
                final String topic = Kept.topic(entry.key);
                final Sample sample = decoder.decode(entry.value);
                of(topic, sample.instance()).add(start(sample.time()), entry.key, sample);
            }
        } catch (UnreadableException error) {
            // It has been read before.
            throw new IllegalStateException("what was kept cannot be read: " + error.getMessage());
        }
    }

    @Override
    public void process(final Record<String, byte[]> record) {
        final Sample sample;
        try {
            sample = decoder.decode(record.value());
            if (sample.time() > System.currentTimeMillis() + AHEAD) {
                throw new UnreadableException("its time is more than an hour ahead: " + sample.time());
            }
        } catch (UnreadableException error) {
            bury(record, error.getMessage());
            return;
        }
        final Series found = of(record.key(), sample.instance());
        final long start = start(sample.time());
        found.silent = 0;
        if (start < found.closed) {
            late.merge(found.name, 1, Integer::sum);
            lateRecords.record();
            return;
        }
        final long offset = context().recordMetadata().orElseThrow().offset();
        final Bytes key = Kept.key(found.topic, found.name, start, offset);
        kept.put(key, record.value());
        found.add(start, key, sample);
        closeUntil(found, start(found.newest - settings.grace));
    }

    /** Closes the windows that begin before a time. */
    private void closeUntil(final Series found, final long limit) {
        if (limit <= found.closed) {
            return;
        }
        found.closed = limit;
        closed.put(found.name, limit);
        while (!found.windows.isEmpty() && found.windows.firstKey() < limit) {
            final Map.Entry<Long, Series.Window> first = found.windows.pollFirstEntry();
            close(found, first.getKey(), first.getValue());
        }
    }

    private void close(final Series found, final long start, final Series.Window window) {
        window.keys.forEach(kept::delete);
        if (window.samples.size() < settings.minSamples) {
            return;
        }
        final String target = found.topic + settings.suffix;
        topics.ensure(target);
        final Aggregate aggregate =
                aggregates
                        .computeIfAbsent(target, topic -> new HashMap<>())
                        .computeIfAbsent(window.samples.get(0).shape(), shape -> aggregate(target, shape));
        final byte[] value = aggregate.encode(start, found.instance, window.samples);
        context().forward(new Record<>(found.name, new Output(target, value), start));
    }

    private Aggregate aggregate(final String target, final Shape shape) {
        return new Aggregate(shape, target + "-value", settings.window / 1000.0, internal);
    }

    /** Closes windows of what has fallen silent; the time in which nothing was read is no silence. */
    private void look(final long now) {
        final long passed = Math.min(Math.max(0, now - looked), 2 * LOOK.toMillis());
        looked = now;
        for (final Series each : series.values()) {
            if (each.windows.isEmpty()) {
                continue;
            }
            each.silent += passed;
            if (each.silent >= settings.closesAfter) {
                closeUntil(each, each.windows.lastKey() + settings.window);
            }
        }
        if (++looks % REPORT == 0 && !late.isEmpty()) {
            LOG.warn("too late for their windows, in the last minute: {}", late);
            late.clear();
        }
    }

    private Series of(final String topic, final Number instance) {
        return series.computeIfAbsent(
                Series.name(topic, instance),
                name -> {
                    final Series made = new Series(topic, instance);
                    final Long limit = closed.get(name);
                    if (limit != null) {
                        made.closed = limit;
                        made.newest = limit + settings.grace;
                    }
                    return made;
                });
    }

    private void bury(final Record<String, byte[]> record, final String why) {
        final Headers headers = new RecordHeaders(record.headers());
        headers.add("efd.error", why.getBytes(StandardCharsets.UTF_8));
        LOG.warn("a dead letter of {}: {}", record.key(), why);
        final Output letter = new Output(settings.deadLetters, record.value());
        context().forward(new Record<>(record.key(), letter, record.timestamp(), headers));
    }

    private long start(final long time) {
        return Math.floorDiv(time, settings.window) * settings.window;
    }
}
