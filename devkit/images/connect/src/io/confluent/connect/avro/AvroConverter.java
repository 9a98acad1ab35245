package io.confluent.connect.avro;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.apicurio.registry.utils.converter.avro.AvroData;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.io.DecoderFactory;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaAndValue;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.storage.Converter;

/**
 * Stands in for Confluent's Avro converter, which is in no package registry, and has its name
 * because connectors are configured with it.
 *
 * <p>It asks a registry for schemas by Confluent's API, reads records in Confluent's framing, and
 * leaves what Connect makes of Avro to Apicurio's copy of Confluent's code. It serves sinks: it
 * reads and does not write. As with Confluent's, a registry that is silent for a minute, or answers
 * with an error, is a record that cannot be read.
 */
public final class AvroConverter implements Converter {
    private static final String REGISTRY = "schema.registry.url";
    private static final int PREFIX_BYTES = 5;
    private static final int SILENCE_MS = 60_000;
    private static final int SCHEMAS_KEPT = 1000;

    private final Map<Integer, org.apache.avro.Schema> schemas = new ConcurrentHashMap<>();
    private final AvroData data = new AvroData(SCHEMAS_KEPT);
    private final ObjectMapper json = new ObjectMapper();
    private String registry = "";

    @Override
    public ConfigDef config() {
        return new ConfigDef()
                .define(
                        REGISTRY,
                        ConfigDef.Type.STRING,
                        ConfigDef.NO_DEFAULT_VALUE,
                        ConfigDef.Importance.HIGH,
                        "Where the registry answers.");
    }

    @Override
    public void configure(Map<String, ?> settings, boolean isKey) {
        registry = config().parse(settings).get(REGISTRY).toString().replaceAll("/+$", "");
    }

    @Override
    public byte[] fromConnectData(String topic, Schema schema, Object value) {
        throw new DataException("this converter reads Avro and writes none");
    }

    @Override
    public SchemaAndValue toConnectData(String topic, byte[] record) {
        if (record == null) {
            return SchemaAndValue.NULL;
        }
        if (record.length < PREFIX_BYTES || record[0] != 0) {
            throw new DataException("a record of " + topic + " does not begin with a schema's id");
        }
        int id = ByteBuffer.wrap(record, 1, Integer.BYTES).getInt();
        try {
            org.apache.avro.Schema schema = schema(id);
            int length = record.length - PREFIX_BYTES;
            var decoder =
                    DecoderFactory.get().binaryDecoder(record, PREFIX_BYTES, length, null);
            Object value = new GenericDatumReader<>(schema).read(null, decoder);
            return data.toConnectData(schema, value);
        } catch (IOException | AvroRuntimeException error) {
            throw new DataException("a record of " + topic + ", schema " + id, error);
        }
    }

    private org.apache.avro.Schema schema(int id) throws IOException {
        org.apache.avro.Schema known = schemas.get(id);
        if (known == null) {
            known = new org.apache.avro.Schema.Parser().parse(ask(id));
            schemas.put(id, known);
        }
        return known;
    }

    private String ask(int id) throws IOException {
        URI address = URI.create(registry + "/schemas/ids/" + id);
        HttpURLConnection connection = (HttpURLConnection) address.toURL().openConnection();
        connection.setConnectTimeout(SILENCE_MS);
        connection.setReadTimeout(SILENCE_MS);
        try {
            if (connection.getResponseCode() != HttpURLConnection.HTTP_OK) {
                String answer = "the registry answers " + connection.getResponseCode();
                throw new IOException(answer + " to " + address);
            }
            try (InputStream body = connection.getInputStream()) {
                return json.readTree(body).path("schema").asText();
            }
        } finally {
            connection.disconnect();
        }
    }
}
