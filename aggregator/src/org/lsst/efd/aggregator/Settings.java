package org.lsst.efd.aggregator;

import java.io.IOException;
import java.io.Reader;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** What the file of settings says: the aggregator's own keys, and those of Kafka Streams. */
final class Settings {
    private static final String PREFIX = "aggregator.";
    private static final Set<String> KEYS =
            Set.of(
                    "topics",
                    "excluded",
                    "suffix",
                    "registry.url",
                    "internal.registry.url",
                    "timestamp.field",
                    "window.ms",
                    "grace.ms",
                    "closes.after.ms",
                    "min.samples",
                    "dead.letter.topic",
                    "topic.partitions",
                    "topic.replication.factor",
                    "tasks");
    final Pattern topics;
    final String suffix;
    final URI registry;
    final URI internalRegistry;
    final String timestampField;
    /** Milliseconds. */
    final long window;

    final long grace;
    final long closesAfter;
    final int minSamples;
    final String deadLetters;
    final int partitions;
    final short copies;
    /** Into how many parts topics are dealt out, by their names. */
    final int tasks;

    private final Properties all;

    private Settings(final Properties all) {
        this.all = all;
        final Set<String> unknown = new TreeSet<>();
        for (final String key : all.stringPropertyNames()) {
            if (key.startsWith(PREFIX) && !KEYS.contains(key.substring(PREFIX.length()))) {
                unknown.add(key);
            }
        }
        if (!unknown.isEmpty()) {
            throw new IllegalArgumentException(unknown.iterator().next() + ": an unknown setting");
        }
        suffix = text("suffix");
        topics = pattern();
        registry = url("registry.url");
        internalRegistry = url("internal.registry.url");
        timestampField = text("timestamp.field");
        window = number("window.ms", 1);
        grace = number("grace.ms", 0);
        closesAfter = number("closes.after.ms", 1);
        minSamples = (int) number("min.samples", 1);
        deadLetters = text("dead.letter.topic");
        partitions = (int) number("topic.partitions", 1);
        copies = (short) number("topic.replication.factor", 1);
        tasks = (int) number("tasks", 1);
    }

    /**
     * Reads a file.
     *
     * @throws IllegalArgumentException names the setting that is unknown, missing or no good
     */
    static Settings read(final Path file) throws IOException {
        final Properties all = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            all.load(reader);
        }
        return new Settings(all);
    }

    /** Returns the settings of Kafka Streams and its clients. */
    Properties streams() {
        final Properties found = new Properties();
        for (final String key : all.stringPropertyNames()) {
            if (!key.startsWith(PREFIX)) {
                found.setProperty(key, all.getProperty(key));
            }
        }
        return found;
    }

    private Pattern pattern() {
        final String excluded = all.getProperty(PREFIX + "excluded", "");
        final String not = excluded.isEmpty() ? "" : "(?!(?:" + excluded + ")$)";
        final String own = "(?!.*" + Pattern.quote(suffix) + "$)";
        try {
            return Pattern.compile(not + own + "(?:" + text("topics") + ")");
        } catch (PatternSyntaxException error) {
            throw wrong("topics", "a regular expression: " + error.getDescription());
        }
    }

    private URI url(final String key) {
        final String given = text(key);
        if (!given.matches("https?://[^/]+")) {
            throw wrong(key, "an address without a path, such as http://registry:8081");
        }
        return URI.create(given);
    }

    private long number(final String key, final long least) {
        try {
            final long found = Long.parseLong(text(key));
            if (found >= least) {
                return found;
            }
        } catch (NumberFormatException error) {
            // told below
        }
        throw wrong(key, "a whole number of at least " + least);
    }

    private String text(final String key) {
        final String found = all.getProperty(PREFIX + key);
        if (found == null || found.isEmpty()) {
            throw new IllegalArgumentException(PREFIX + key + ": missing");
        }
        return found;
    }

    private IllegalArgumentException wrong(final String key, final String allowed) {
        final String given = all.getProperty(PREFIX + key);
        return new IllegalArgumentException(PREFIX + key + ": given " + given + "; allowed: " + allowed);
    }
}
