package org.lsst.efd.aggregator;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.kstream.Repartitioned;
import org.apache.kafka.streams.processor.UsePartitionTimeOnInvalidTimestamp;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Aggregates telemetry: statistics over windows of time, as topics of their own. */
public final class Main {
    private static final Logger LOG = LoggerFactory.getLogger(Main.class);
    private static final int WRONG_SETTINGS = 2;

    private Main() {}

    /** Runs one worker, with the file of settings that it is given. */
    public static void main(final String[] arguments) throws Exception {
        try {
            run(Settings.read(Path.of(arguments[0])));
        } catch (IllegalArgumentException | IOException error) {
            System.err.println("error: " + error.getMessage());
            System.exit(WRONG_SETTINGS);
        }
    }

    private static void run(final Settings settings) throws InterruptedException {
        final CountDownLatch ended = new CountDownLatch(1);
        try (Topics topics = new Topics(settings)) {
            topics.ensure(settings.deadLetters);
            final Properties streams = settings.streams();
            streams.put(
                    StreamsConfig.DEFAULT_TIMESTAMP_EXTRACTOR_CLASS_CONFIG,
                    UsePartitionTimeOnInvalidTimestamp.class);
            streams.put(StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, StoreMemory.class);
            final KafkaStreams worker = new KafkaStreams(topology(settings, topics), streams);
            worker.setUncaughtExceptionHandler(
                    error -> {
                        LOG.error("a thread has ended", error);
                        return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
                    });
            worker.setStateListener(
                    (state, before) -> {
                        if (state == KafkaStreams.State.ERROR || state == KafkaStreams.State.NOT_RUNNING) {
                            ended.countDown();
                        }
                    });
            Runtime.getRuntime().addShutdownHook(new Thread(worker::close));
            worker.start();
            ended.await();
            if (worker.state() == KafkaStreams.State.ERROR) {
                Runtime.getRuntime().halt(1);
            }
        }
    }

    static Topology topology(final Settings settings, final Topics topics) {
        final Registry registry = new Registry(settings.registry);
        final Registry internal = new Registry(settings.internalRegistry);
        final StreamsBuilder builder = new StreamsBuilder();
        final KStream<String, Output> made =
                builder.stream(
                                settings.topics, Consumed.with(Serdes.ByteArray(), Serdes.ByteArray()))
                        .process(Router::new)
                        .repartition(
                                Repartitioned.<String, byte[]>as("records")
                                        .withKeySerde(Serdes.String())
                                        .withValueSerde(Serdes.ByteArray())
                                        .withNumberOfPartitions(settings.tasks))
                        .process(Windows.supplier(settings, registry, internal, topics));
        made.filter((key, output) -> output.topic().equals(settings.deadLetters))
                .mapValues(Output::bytes)
                .to(settings.deadLetters, Produced.with(Serdes.String(), Serdes.ByteArray()));
        made.filterNot((key, output) -> output.topic().equals(settings.deadLetters))
                .to(
                        (key, output, context) -> output.topic(),
                        Produced.with(Serdes.String(), Serdes.serdeFrom((topic, output) -> output.bytes(), (topic, bytes) -> new Output(topic, bytes))));
        return builder.build();
    }
}
