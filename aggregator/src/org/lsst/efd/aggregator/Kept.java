package org.lsst.efd.aggregator;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.utils.Bytes;

/** Keys of kept records: topic, series, the window's beginning, and a number that is nobody else's. */
final class Kept {
    private Kept() {}

    static Bytes key(final String topic, final String series, final long start, final long offset) {
        final byte[] head = (topic + "\0" + series + "\0").getBytes(StandardCharsets.UTF_8);
        return Bytes.wrap(
                ByteBuffer.allocate(head.length + 2 * Long.BYTES)
                        .put(head)
                        .putLong(start)
                        .putLong(offset)
                        .array());
    }

    static String topic(final Bytes key) {
        final byte[] bytes = key.get();
        int end = 0;
        while (bytes[end] != 0) {
            end++;
        }
        return new String(bytes, 0, end, StandardCharsets.UTF_8);
    }
}
