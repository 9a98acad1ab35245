package org.lsst.efd.aggregator;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;

/** Records of statistics, whose schema follows the shape of what they are made of. */
final class Aggregate {
    private final Shape shape;
    private final Schema schema;
    private final byte[] frame;
    private final double window;

    Aggregate(final Shape shape, final String subject, final double window, final Registry registry) {
        this.shape = shape;
        this.schema = schema(shape);
        this.window = window;
        final int id = registry.register(subject, schema);
        this.frame = ByteBuffer.allocate(5).put((byte) 0).putInt(id).array();
    }

    /** Returns the record of one window in Confluent's framing. */
    byte[] encode(final long start, final Number instance, final List<Sample> samples) {
        final GenericRecord record = new GenericData.Record(schema);
        record.put("time", start);
        record.put("private_efdStamp", start / 1000.0);
        record.put("count", (long) samples.size());
        record.put("window_size", window);
        if (shape.instance != null) {
            record.put(Shape.INSTANCE, instance);
        }
        for (final Shape.Field field : shape.fields) {
            put(record, field, samples);
        }
        final ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(frame);
        try {
            final BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(out, null);
            new GenericDatumWriter<GenericRecord>(schema).write(record, encoder);
            encoder.flush();
        } catch (IOException error) {
            throw new UncheckedIOException(error);
        }
        return out.toByteArray();
    }

    private static void put(
            final GenericRecord record, final Shape.Field field, final List<Sample> samples) {
        final List<double[]> found = new ArrayList<>(samples.size());
        int length = 0;
        for (final Sample sample : samples) {
            final int index = sample.shape().indexOf(field);
            final double[] numbers = index < 0 ? null : sample.numbers()[index];
            if (numbers != null) {
                found.add(numbers);
                length = Math.max(length, numbers.length);
            }
        }
        final double[] column = new double[found.size()];
        final List<List<Double>> statistics = new ArrayList<>();
        for (int n = 0; n < Statistics.NAMES.length; n++) {
            statistics.add(new ArrayList<>(length));
        }
        for (int element = 0; element < length; element++) {
            int count = 0;
            for (final double[] numbers : found) {
                if (element < numbers.length && !Double.isNaN(numbers[element])) {
                    column[count++] = numbers[element];
                }
            }
            final double[] of = Statistics.of(column, count);
            for (int n = 0; n < of.length; n++) {
                statistics.get(n).add(of[n]);
            }
        }
        for (int n = 0; n < Statistics.NAMES.length; n++) {
            record.put(Statistics.NAMES[n] + "_" + field.name(), value(field, statistics.get(n)));
        }
    }

    private static Object value(final Shape.Field field, final List<Double> found) {
        if (found.isEmpty() || !field.isArray() && found.get(0).isNaN()) {
            return null;
        }
        return field.isArray() ? found : found.get(0);
    }

    private static Schema schema(final Shape shape) {
        final Schema time = LogicalTypes.timestampMillis().addToSchema(Schema.create(Schema.Type.LONG));
        final SchemaBuilder.FieldAssembler<Schema> fields =
                SchemaBuilder.record(shape.schema.getName() + "_aggregated")
                        .namespace(shape.schema.getNamespace())
                        .fields();
        fields.name("time").type(time).noDefault();
        fields.requiredDouble("private_efdStamp");
        fields.requiredLong("count");
        fields.requiredDouble("window_size");
        if (shape.instance != null) {
            fields.name(Shape.INSTANCE).type(shape.instance.schema()).noDefault();
        }
        final Schema number = Schema.create(Schema.Type.DOUBLE);
        for (final Shape.Field field : shape.fields) {
            final Schema type = field.isArray() ? Schema.createArray(number) : number;
            final Schema nullable = Schema.createUnion(Schema.create(Schema.Type.NULL), type);
            for (final String name : Statistics.NAMES) {
                fields.name(name + "_" + field.name()).type(nullable).withDefault(null);
            }
        }
        return fields.endRecord();
    }
}
