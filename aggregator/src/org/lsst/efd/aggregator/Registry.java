package org.lsst.efd.aggregator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A schema registry with Confluent's API. One that does not answer is waited for. */
final class Registry {
    private static final Logger LOG = LoggerFactory.getLogger(Registry.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String MEDIA = "application/vnd.schemaregistry.v1+json";
    /** Of a whole answer: the client's own limit ends with the answer's head. */
    private static final Duration ANSWER = Duration.ofSeconds(10);

    private static final long SHORTEST_PAUSE = 250;
    private static final long LONGEST_PAUSE = 10_000;
    /** For which an unknown id is asked for again: a schema is registered before its records. */
    private static final Duration UNKNOWN = Duration.ofSeconds(20);

    private final URI url;
    private final HttpClient client =
            HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(ANSWER)
                    .build();
    private final Map<Integer, Schema> schemas = new ConcurrentHashMap<>();
    private final Map<String, Integer> ids = new ConcurrentHashMap<>();
    /**
     * When ids were first asked for and not known. A transaction lasts ten seconds: who waits longer
     * is fenced, reads the same record again, and must not begin to wait anew.
     */
    private final Map<Integer, Long> unknown = new ConcurrentHashMap<>();

    Registry(final URI url) {
        this.url = url;
    }

    /** Returns the schema that a record names. */
    Schema schema(final int id) throws UnreadableException {
        final Schema known = schemas.get(id);
        if (known != null) {
            return known;
        }
        final HttpRequest request = request("/schemas/ids/" + id).GET().build();
        final long since = unknown.computeIfAbsent(id, unasked -> System.nanoTime());
        final JsonNode answer = ask(request, since + UNKNOWN.toNanos());
        if (answer == null) {
            throw new UnreadableException("the registry knows no schema " + id);
        }
        try {
            // A schema that an older Avro has let through is no reason not to read its records.
            final Schema found =
                    new Schema.Parser().setValidateDefaults(false).parse(answer.path("schema").asText());
            schemas.put(id, found);
            unknown.remove(id);
            return found;
        } catch (AvroRuntimeException error) {
            throw new UnreadableException("schema " + id + " is none: " + error.getMessage());
        }
    }

    /** Registers a schema, unless it is there, and returns its id. */
    int register(final String subject, final Schema schema) {
        final String text = schema.toString();
        return ids.computeIfAbsent(subject + "\0" + text, key -> post(subject, text));
    }

    private int post(final String subject, final String text) {
        final String path =
                "/subjects/" + URLEncoder.encode(subject, StandardCharsets.UTF_8) + "/versions";
        final String body = JSON.createObjectNode().put("schema", text).toString();
        final HttpRequest request =
                request(path).POST(HttpRequest.BodyPublishers.ofString(body)).build();
        final JsonNode answer = ask(request, System.nanoTime());
        if (answer == null) {
            throw new IllegalStateException(url + path + " is not there");
        }
        LOG.info("subject {} has schema {}", subject, answer.path("id").asInt());
        return answer.path("id").asInt();
    }

    private HttpRequest.Builder request(final String path) {
        return HttpRequest.newBuilder(url.resolve(path))
                .header("Accept", MEDIA)
                .header("Content-Type", MEDIA);
    }

    /** Asks until there is an answer; null where there is no such thing after a moment. */
    private JsonNode ask(final HttpRequest request, final long moment) {
        long pause = SHORTEST_PAUSE;
        while (true) {
            String trouble;
            try {
                final HttpResponse<String> answer = send(request);
                final int status = answer.statusCode();
                if (status == 200) {
                    return JSON.readTree(answer.body());
                }
                trouble = "answers " + status + ": " + answer.body();
                if (status == 404 && System.nanoTime() - moment >= 0) {
                    return null;
                }
                if (status / 100 == 4 && status != 404 && status != 408 && status != 429) {
                    throw new IllegalStateException(request.uri() + " " + trouble);
                }
            } catch (IOException | TimeoutException error) {
                trouble = "does not answer: " + error;
            }
            LOG.warn("{} {}", request.uri(), trouble);
            sleep(pause);
            pause = Math.min(2 * pause, LONGEST_PAUSE);
        }
    }

    private HttpResponse<String> send(final HttpRequest request) throws IOException, TimeoutException {
        final CompletableFuture<HttpResponse<String>> answer =
                client.sendAsync(request, HttpResponse.BodyHandlers.ofString());
        try {
            return answer.get(ANSWER.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException error) {
            throw new IOException(String.valueOf(error.getCause()));
        } catch (InterruptedException error) {
            throw ended();
        } finally {
            answer.cancel(true);
        }
    }

    private static void sleep(final long milliseconds) {
        try {
            Thread.sleep(milliseconds);
        } catch (InterruptedException error) {
            throw ended();
        }
    }

    private static IllegalStateException ended() {
        Thread.currentThread().interrupt();
        return new IllegalStateException("ended while it waited for a registry");
    }
}
