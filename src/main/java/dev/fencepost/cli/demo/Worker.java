package dev.fencepost.cli.demo;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fencepost.Agent;
import dev.fencepost.Claim;
import dev.fencepost.ClaimResult;
import dev.fencepost.Committed;
import dev.fencepost.Conflict;
import dev.fencepost.FencedException;
import dev.fencepost.Key;
import dev.fencepost.Lease;
import dev.fencepost.LostClaim;
import dev.fencepost.Precondition;
import dev.fencepost.Prefix;
import dev.fencepost.Store;
import dev.fencepost.StoreConfig;
import dev.fencepost.Versioned;
import dev.fencepost.WriteResult;
import dev.fencepost.cli.demo.PlainTable.Row;
import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One agent of the demo, in a process of its own. It receives commands on standard input, one a line, and answers each
 * with a JSON object.
 */
public final class Worker {
    /** The command that continues a worker after all workers have read. */
    static final String GO = "go";

    private final Store store;
    private final PlainTable table;
    private final Agent agent;
    private final InstantSource clock;
    private final BufferedReader in;
    private final PrintStream out;
    private final Map<String, Claim> claims = new HashMap<>();
    private long readVersion;
    private Row readRow = new Row("", 0);

    private Worker(
            Store store, PlainTable table, Agent agent, InstantSource clock, BufferedReader in, PrintStream out) {
        this.store = store;
        this.table = table;
        this.agent = agent;
        this.clock = clock;
        this.in = in;
        this.out = out;
    }

    /** Runs a worker on the files of the demo, under an agent's name, until standard input ends. */
    public static void run(Path file, String name, InputStream in, PrintStream out) throws IOException {
        StoreConfig config = DemoEnvironment.config(file);
        try (Store store = Store.open(config);
                PlainTable table = PlainTable.open(DemoEnvironment.plainFile(file));
                BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            Worker worker = new Worker(store, table, store.agent(name), config.clock(), lines, out);
            out.println(answer().put("ready", name));
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                out.println(worker.execute(List.of(line.split(" ", -1))));
            }
        }
    }

    /** Executes a command on a key or prefix, and returns the answer. */
    private ObjectNode execute(List<String> words) throws IOException {
        String key = words.get(1);
        return switch (words.get(0)) {
            case "add" -> add(Key.text(key));
            case "read" -> read(Key.text(key));
            case "put-if" -> putIfVersion(Key.text(key), words.get(2));
            case "claim" -> claim(Key.text(key), words);
            case "put" -> putUnderClaim(Key.text(key), words.get(2));
            case "leave" -> leave(Prefix.text(key));
            case "plain-read" -> plainRead(key);
            case "plain-add" -> plainAdd(key);
            case "plain-put-if" -> answer().put("written", table.writeIfVersion(key, words.get(2), readRow.version()));
            case "plain-lock" -> plainLock(key, Long.parseLong(words.get(2)));
            case "plain-leave" -> plainLeave(key);
            default -> throw new IOException("The demo asked for '" + words.get(0) + "', which is unknown");
        };
    }

    private static ObjectNode answer() {
        return JsonNodeFactory.instance.objectNode();
    }

    /** Sends what the worker has read, and waits until all workers have read. */
    private void awaitOthers(ObjectNode read) {
        out.println(read);
        try {
            String word = in.readLine();
            if (!GO.equals(word)) {
                throw new EOFException("Expected '" + GO + "', but got '" + word + "'");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Adds one. The first run of the function waits for the other workers, so that all have read before any of them
     * writes.
     */
    private ObjectNode add(Key<String> key) {
        AtomicInteger runs = new AtomicInteger();
        Versioned<String> written = agent.update(key, "0", value -> {
            if (runs.incrementAndGet() == 1) {
                awaitOthers(answer().put("value", value));
            }
            return Long.toString(Long.parseLong(value) + 1);
        });
        return answer().put("version", written.version()).put("runs", runs.get());
    }

    private ObjectNode read(Key<String> key) {
        readVersion = store.get(key).map(Versioned::version).orElse(0L);
        return answer().put("version", readVersion);
    }

    private ObjectNode putIfVersion(Key<String> key, String value) {
        WriteResult<String> result = agent.tryPut(key, value, Precondition.ifVersion(readVersion));
        ObjectNode answer = answer().put("committed", result.isCommitted());
        return result instanceof Conflict<String> conflict ? answer.put("message", conflict.message()) : answer;
    }

    private ObjectNode claim(Key<String> key, List<String> words) {
        Duration length = Duration.ofMillis(Long.parseLong(words.get(2)));
        Duration wait = Duration.ofMillis(Long.parseLong(words.get(3)));
        Lease lease = Boolean.parseBoolean(words.get(4)) ? Lease.of(length) : Lease.withoutHeartbeats(length);
        ClaimResult result = agent.claim(key, lease, wait);
        if (result instanceof ClaimResult.Granted granted) {
            claims.put(key.name(), granted.claim());
            return answer().put("granted", true).put("epoch", granted.claim().epoch(key));
        }
        ObjectNode answer = answer().put("granted", false);
        return result instanceof ClaimResult.Busy busy ? answer.put("message", busy.message()) : answer;
    }

    private ObjectNode putUnderClaim(Key<String> key, String value) {
        Claim claim = claims.get(key.name());
        if (claim == null) {
            return answer().put("committed", false).put("message", "there is no claim for the write");
        }
        try {
            Committed<String> committed = claim.put(key, value);
            return answer().put("committed", true).put("version", committed.version());
        } catch (FencedException e) {
            LostClaim lost = e.lost().get(0);
            return answer().put("committed", false).put("fenced", true).put("message", lost.message());
        }
    }

    /** Leaves if another agent remains. The commit depends on the function's reads. */
    private ObjectNode leave(Prefix<String> prefix) {
        AtomicInteger runs = new AtomicInteger();
        boolean left = agent.transact(tx -> {
            long on = tx.list(prefix).stream()
                    .filter(one -> one.value().equals("on"))
                    .count();
            if (runs.incrementAndGet() == 1) {
                awaitOthers(answer().put("on", on));
            }
            if (on > 1) {
                tx.put(prefix.key(agent.name()), "off");
            }
            return on > 1;
        });
        return answer().put("left", left).put("runs", runs.get());
    }

    private ObjectNode plainRead(String key) {
        readRow = table.read(key).orElse(new Row("0", 0));
        return answer().put("value", readRow.value()).put("version", readRow.version());
    }

    /** Computes the new value from the last read and writes it, without reading again. */
    private ObjectNode plainAdd(String key) {
        table.write(key, Long.toString(Long.parseLong(readRow.value()) + 1));
        return answer();
    }

    private ObjectNode plainLock(String key, long leaseMillis) {
        long now = clock.millis();
        return answer().put("locked", table.lock(key, agent.name(), now, now + leaseMillis));
    }

    /** Leaves if another agent remains, with a version check on the key that is written. */
    private ObjectNode plainLeave(String prefix) {
        String mine = prefix + agent.name();
        long version = table.read(mine).map(Row::version).orElse(0L);
        int on = table.count(prefix, "on");
        awaitOthers(answer().put("on", on));
        return answer().put("left", on > 1 && table.writeIfVersion(mine, "off", version));
    }
}
