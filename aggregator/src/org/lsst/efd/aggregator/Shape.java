package org.lsst.efd.aggregator;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;

/** The numbers of one schema's records: which fields are aggregated, and where a record's time is. */
final class Shape {
    static final String INSTANCE = "salIndex";
    private static final String BOOKKEEPING = "private_";
    private static final Set<Schema.Type> NUMBERS =
            EnumSet.of(Schema.Type.INT, Schema.Type.LONG, Schema.Type.FLOAT, Schema.Type.DOUBLE);

    /** A field, with whether it is an array. */
    record Field(String name, int position, boolean isArray) {}

    final Schema schema;
    final List<Field> fields = new ArrayList<>();
    final Schema.Field instance;
    private final Map<String, Integer> indexes = new HashMap<>();
    private final int time;

    Shape(final Schema schema, final String timestampField) throws UnreadableException {
        this.schema = schema;
        if (schema.getType() != Schema.Type.RECORD) {
            throw new UnreadableException("it is no record but " + schema.getType().getName());
        }
        final Schema.Field stamp = schema.getField(timestampField);
        if (stamp == null || !NUMBERS.contains(present(stamp.schema()).getType())) {
            throw new UnreadableException("it has no number " + timestampField);
        }
        time = stamp.pos();
        final Schema.Field named = schema.getField(INSTANCE);
        instance = named != null && isWhole(named.schema()) ? named : null;
        for (final Schema.Field field : schema.getFields()) {
            add(field);
        }
    }

    private void add(final Schema.Field field) {
        if (field.name().startsWith(BOOKKEEPING) || field == instance) {
            return;
        }
        final Schema found = present(field.schema());
        final boolean isArray = found.getType() == Schema.Type.ARRAY;
        final Schema number = isArray ? present(found.getElementType()) : found;
        if (NUMBERS.contains(number.getType()) && number.getLogicalType() == null) {
            indexes.put(field.name(), fields.size());
            fields.add(new Field(field.name(), field.pos(), isArray));
        }
    }

    /** Returns a record's time in milliseconds, rounded down. */
    long time(final GenericRecord record) throws UnreadableException {
        final double seconds = record.get(time) instanceof Number number ? number.doubleValue() : 0;
        if (!(seconds > 0) || Double.isInfinite(seconds)) {
            throw new UnreadableException("its time is " + record.get(time));
        }
        return (long) Math.floor(seconds * 1000);
    }

    /** Returns which instance of its component a record is of; null where there is but one. */
    Number instance(final GenericRecord record) {
        return instance == null ? null : (Number) record.get(instance.pos());
    }

    /** Returns the numbers of each field; null for a field without any. */
    double[][] numbers(final GenericRecord record) {
        final double[][] found = new double[fields.size()][];
        for (int n = 0; n < found.length; n++) {
            final Object value = record.get(fields.get(n).position());
            if (value instanceof Number number) {
                found[n] = new double[] {number.doubleValue()};
            } else if (value instanceof List<?> list) {
                found[n] = new double[list.size()];
                for (int e = 0; e < found[n].length; e++) {
                    found[n][e] = list.get(e) instanceof Number number ? number.doubleValue() : Double.NaN;
                }
            }
        }
        return found;
    }

    /** Returns where this shape has a field of another one; -1 where it has none like it. */
    int indexOf(final Field field) {
        final Integer index = indexes.get(field.name());
        return index == null || fields.get(index).isArray() != field.isArray() ? -1 : index;
    }

    private static boolean isWhole(final Schema schema) {
        return schema.getType() == Schema.Type.INT || schema.getType() == Schema.Type.LONG;
    }

    /** Returns the schema of a value that is there: of a union with null, the other part. */
    private static Schema present(final Schema schema) {
        if (schema.getType() != Schema.Type.UNION || schema.getTypes().size() != 2) {
            return schema;
        }
        final List<Schema> types = schema.getTypes();
        return types.get(types.get(0).getType() == Schema.Type.NULL ? 1 : 0);
    }
}
