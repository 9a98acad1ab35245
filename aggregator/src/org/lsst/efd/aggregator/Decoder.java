package org.lsst.efd.aggregator;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DecoderFactory;

/** Reads records in Confluent's framing: a zero, four bytes of the schema's id, Avro. */
final class Decoder {
    private static final int FRAME = 5;

    private final Registry registry;
    private final String timestampField;
    private final Map<Integer, Reader> readers = new HashMap<>();
    private BinaryDecoder reused;

    private record Reader(Shape shape, GenericDatumReader<GenericRecord> datums) {}

    Decoder(final Registry registry, final String timestampField) {
        this.registry = registry;
        this.timestampField = timestampField;
    }

    Sample decode(final byte[] bytes) throws UnreadableException {
        if (bytes == null) {
            throw new UnreadableException("it has no value");
        }
        if (bytes.length < FRAME || bytes[0] != 0) {
            throw new UnreadableException("it does not begin with a schema's id");
        }
        final Reader reader = reader(ByteBuffer.wrap(bytes).getInt(1));
        try {
            reused = DecoderFactory.get().binaryDecoder(bytes, FRAME, bytes.length - FRAME, reused);
            final GenericRecord record = reader.datums.read(null, reused);
            if (!reused.isEnd()) {
                throw new UnreadableException("it is longer than its schema says");
            }
            final Shape shape = reader.shape;
            return new Sample(shape, shape.time(record), shape.instance(record), shape.numbers(record));
        } catch (IOException | AvroRuntimeException | ClassCastException error) {
            throw new UnreadableException("it is not as its schema says: " + error);
        }
    }

    private Reader reader(final int id) throws UnreadableException {
        Reader found = readers.get(id);
        if (found == null) {
            final Shape shape = new Shape(registry.schema(id), timestampField);
            found = new Reader(shape, new GenericDatumReader<>(shape.schema));
            readers.put(id, found);
        }
        return found;
    }
}
