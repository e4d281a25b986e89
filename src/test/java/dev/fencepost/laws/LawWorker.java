package dev.fencepost.laws;

import dev.fencepost.Agent;
import dev.fencepost.Claim;
import dev.fencepost.ClaimBusyException;
import dev.fencepost.ClaimResult;
import dev.fencepost.ClaimToken;
import dev.fencepost.Claimed;
import dev.fencepost.Committed;
import dev.fencepost.Conflict;
import dev.fencepost.DeadlockException;
import dev.fencepost.Durability;
import dev.fencepost.FencedException;
import dev.fencepost.FencepostException;
import dev.fencepost.Freshness;
import dev.fencepost.Key;
import dev.fencepost.Lease;
import dev.fencepost.Position;
import dev.fencepost.Precondition;
import dev.fencepost.Prefix;
import dev.fencepost.Store;
import dev.fencepost.StoreConfig;
import dev.fencepost.Versioned;
import dev.fencepost.WriteResult;
import dev.fencepost.testing.Worker;
import dev.fencepost.testing.WorkerConsole;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The code of a worker process that has the store open. It closes nothing by itself. */
final class LawWorker implements Worker {
    private static final Duration LONG_WAIT = Duration.ofMinutes(2);

    private final EngineUnderTest opener;
    private final Path folder;
    private final WorkerConsole console;
    private final ChangeFeedCommands feed = new ChangeFeedCommands();
    private final HistoryCommands past = new HistoryCommands();
    private final Map<String, Claim> claims = new HashMap<>();
    private final List<InputStream> hoard = new ArrayList<>();
    private Optional<Store> store = Optional.empty();
    private String name = "worker";

    /** Creates a worker. The arguments are the engine's class name and the folder of the store. */
    LawWorker(WorkerConsole console) {
        this.console = console;
        this.opener = EngineUnderTest.named(console.argument(0));
        this.folder = Path.of(console.argument(1));
    }

    @Override
    public String answer(String... words) {
        try {
            return switch (words[0]) {
                case "open" -> open(words);
                case "close" -> closeStore();
                case "get" ->
                    store().get(Key.text(words[1])).map(LawWorker::show).orElse("absent");
                case "read" ->
                    store().get(Key.text(words[1]), freshness(words[2]))
                            .map(LawWorker::show)
                            .orElse("absent");
                case "position" -> store().position().text();
                case "put" -> put(words);
                case "snapshot" -> store().snapshot().toString();
                case "delete" -> show(agent().tryDelete(Key.text(words[1])));
                case "increment" ->
                    new Increments(agent(), store(), Key.text(words[2])).run(words[1], number(words[3]));
                case "write" -> writeForEver(Key.text(words[1]));
                case "starve" -> starve();
                case "withdraw" -> withdraw(words[1], words[2]);
                default -> onClaim(words);
            };
        } catch (FencedException e) {
            return "fenced " + e.lost().get(0).ending();
        } catch (ClaimBusyException e) {
            return "busy " + e.result().queuedAhead();
        } catch (DeadlockException e) {
            return "deadlock " + e.result().cycle().size();
        } catch (FencepostException e) {
            return "failed " + e.code() + " " + e.getMessage();
        }
    }

    private String onClaim(String[] words) {
        return switch (words[0]) {
            case "claim" -> claim(words);
            case "token" -> claims.get(words[1]).token().text();
            case "resume" -> {
                claims.put(words[1], agent().resume(new ClaimToken(words[2])));
                yield "resumed";
            }
            case "claim-put" -> show(claims.get(words[1]).put(Key.text(words[2]), words[3]));
            case "renew" -> {
                claims.get(words[1]).renew();
                yield "renewed";
            }
            case "release" -> {
                claims.get(words[1]).release();
                yield "released";
            }
            default ->
                feed.answer(agent(), words)
                        .or(() -> past.answer(store(), name, words, console))
                        .orElse("what is " + words[0] + "?");
        };
    }

    private String open(String[] words) {
        StoreConfig changed = opener.config(folder);
        for (int i = 1; i < words.length; i++) {
            String[] setting = words[i].split("=");
            changed = switch (setting[0]) {
                case "in" -> opener.config(folder.resolve(setting[1]));
                case "durability" -> changed.withDurability(Durability.valueOf(setting[1]));
                case "heartbeat" -> changed.withHeartbeat(Duration.ofMillis(number(setting[1])));
                case "named" -> named(setting[1], changed);
                case "cache" -> changed.withCacheBytes(number(setting[1]));
                case "mapped" -> changed.withMappedWalIndex(Boolean.parseBoolean(setting[1]));
                default -> throw new IllegalArgumentException(words[i]);
            };
        }
        store = Optional.of(Store.open(changed));
        return "opened";
    }

    private StoreConfig named(String agent, StoreConfig unchanged) {
        name = agent;
        return unchanged;
    }

    private String closeStore() {
        store().close();
        return "closed";
    }

    /** Parses a freshness: any, latest, a position, or an age in milliseconds. */
    private static Freshness freshness(String word) {
        return switch (word) {
            case "any" -> Freshness.any();
            case "latest" -> Freshness.latest();
            default ->
                word.startsWith("fps-")
                        ? Freshness.atLeast(Position.parse(word))
                        : Freshness.maxStaleness(Duration.ofMillis(number(word)));
        };
    }

    private String put(String[] words) {
        Precondition<String> expected =
                words.length > 3 ? Precondition.ifVersion(number(words[3])) : Precondition.none();
        return show(agent().tryPut(Key.text(words[1]), words[2], expected));
    }

    /** Executes {@code claim NAME KEY LEASE-MILLIS WAIT-MILLIS}. */
    private String claim(String[] words) {
        ClaimResult result = agent().claim(
                        Key.text(words[2]),
                        Lease.of(Duration.ofMillis(number(words[3]))),
                        Duration.ofMillis(number(words[4])));
        Claim claim = result.orThrow();
        claims.put(words[1], claim);
        return "granted " + claim.epoch(Key.text(words[2]));
    }

    /**
     * Writes until the process ends; never returns. Announces each write before it, and reports each acknowledgement
     * after it.
     */
    private String writeForEver(Key<String> key) {
        for (long n = 0; ; n++) {
            String value = ProcessHandle.current().pid() + "-" + n;
            console.report("try " + value);
            Committed<String> written = agent().put(key, value).orThrow();
            console.report("ack " + value + " " + written.version() + " " + written.sequence());
        }
    }

    /** Takes all file descriptors that the system still gives to this process, and holds them. */
    private String starve() {
        try {
            while (true) {
                hoard.add(new FileInputStream("/dev/null"));
            }
        } catch (IOException e) {
            return "starved";
        }
    }

    /** Takes one name off a list, as long as another is on it. */
    private String withdraw(String prefix, String mine) {
        return agent().transact(tx -> {
            if (tx.list(Prefix.text(prefix)).size() < 2) {
                return "stays";
            }
            tx.delete(Key.text(prefix + mine));
            return "withdrawn";
        });
    }

    private Agent agent() {
        return store().agent(name);
    }

    private Store store() {
        return store.orElseThrow();
    }

    private static long number(String word) {
        return Long.parseLong(word);
    }

    private static String show(Versioned<String> seen) {
        return "value " + seen.version() + " " + seen.value();
    }

    private static String show(WriteResult<String> result) {
        if (result instanceof Committed<String> committed) {
            return "committed " + committed.version();
        } else if (result instanceof Conflict<String> conflict) {
            return "conflict "
                    + conflict.actual().map(actual -> actual.version() + "").orElse("absent");
        }
        return "claimed " + ((Claimed<String>) result).by().epoch();
    }

    /** Ways to increment a counter without lost updates. */
    private record Increments(Agent agent, Store store, Key<String> key) {
        String run(String way, long times) {
            for (long i = 0; i < times; i++) {
                switch (way) {
                    case "update" -> agent.update(key, "0", Increments::next);
                    case "version" -> byVersion();
                    case "claim" -> byClaim();
                    case "transact" -> byTransaction();
                    default -> throw new IllegalArgumentException(way);
                }
            }
            return "done";
        }

        private static String next(String count) {
            return Long.toString(Long.parseLong(count) + 1);
        }

        private void byVersion() {
            WriteResult<String> result;
            do {
                Optional<Versioned<String>> seen = store.get(key);
                String after = next(seen.map(Versioned::value).orElse("0"));
                result = agent.tryPut(
                        key,
                        after,
                        Precondition.ifVersion(seen.map(Versioned::version).orElse(0L)));
            } while (!result.isCommitted());
        }

        private void byClaim() {
            Claim claim = agent.claim(key, Lease.of(LONG_WAIT), LONG_WAIT).orThrow();
            String count = store.get(key).map(Versioned::value).orElse("0");
            claim.put(key, next(count));
            claim.release();
        }

        private void byTransaction() {
            agent.transact(tx -> {
                String count = tx.get(key).map(Versioned::value).orElse("0");
                tx.put(key, next(count));
                return count;
            });
        }
    }
}
