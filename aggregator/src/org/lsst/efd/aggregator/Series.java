package org.lsst.efd.aggregator;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.apache.kafka.common.utils.Bytes;

/** The open windows of one topic, of one instance. */
final class Series {
    /** A window's records: the keys under which they are kept, and their numbers. */
    static final class Window {
        final List<Bytes> keys = new ArrayList<>();
        final List<Sample> samples = new ArrayList<>();
    }

    final String topic;
    /** As in the keys of records of statistics: the topic, and the instance behind a slash. */
    final String name;

    final Number instance;
    /** By their beginnings, in milliseconds since 1970. */
    final TreeMap<Long, Window> windows = new TreeMap<>();
    /** Windows that begin before this are closed for good. */
    long closed = Long.MIN_VALUE;
    /** The newest time, in milliseconds since 1970. */
    long newest = Long.MIN_VALUE;
    /** Milliseconds since anything came, by the clock. */
    long silent;

    Series(final String topic, final Number instance) {
        this.topic = topic;
        this.instance = instance;
        this.name = name(topic, instance);
    }

    static String name(final String topic, final Number instance) {
        return instance == null ? topic : topic + "/" + instance;
    }

    void add(final long start, final Bytes key, final Sample sample) {
        final Window window = windows.computeIfAbsent(start, begins -> new Window());
        window.keys.add(key);
        window.samples.add(sample);
        newest = Math.max(newest, sample.time());
        silent = 0;
    }
}
