package dev.fencepost.internal.read;

import static org.jetbrains.lincheck.datastructures.ManagedStrategyGuaranteeKt.forClasses;

import dev.fencepost.Freshness;
import dev.fencepost.VersionInfo;
import dev.fencepost.internal.commit.Schedules;
import dev.fencepost.internal.engine.ChangeLog;
import dev.fencepost.internal.engine.StateToken;
import dev.fencepost.internal.sql.CommitIdentity;
import dev.fencepost.internal.sql.FormerStores;
import dev.fencepost.internal.sql.Tip;
import dev.fencepost.internal.sql.VersionRow;
import dev.fencepost.internal.sql.VersionTables.LoggedChange;
import dev.fencepost.internal.sql.VersionTables.LoggedChanges;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jetbrains.kotlinx.lincheck.Actor;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Latest reads while this process and another commit, in the schedules of a model checker for Java programs. Each
 * returns the value in the file. The file is in memory, with two keys. Like an engine, it publishes its state with
 * each commit, before the commit returns.
 */
@Param(name = "key", gen = IntGen.class, conf = "1:2")
public class ReadCacheSchedulesTest {
    /** The committed versions, newest last. Each access is one step, like a transaction of SQLite. */
    private static final class Log implements ChangeLog {
        private final List<VersionRow> versions = new ArrayList<>();
        private volatile State state = new State(0);

        private record State(long commits) implements StateToken {
            @Override
            public boolean isNextAfter(StateToken earlier) {
                return commits == ((State) earlier).commits + 1;
            }
        }

        synchronized VersionRow commit(String key) {
            long sequence = versions.size() + 1L;
            long version = latest(key).map(row -> row.stamp().version()).orElse(0L) + 1;
            VersionRow row = new VersionRow(
                    key, new VersionInfo(version, sequence, "a", Instant.EPOCH), Optional.of(Long.toString(version)));
            versions.add(row);
            state = new State(sequence);
            return row;
        }

        synchronized Optional<VersionRow> latest(String key) {
            return versions.stream().filter(row -> row.key().equals(key)).reduce((older, newer) -> newer);
        }

        synchronized long latestUpTo(String key, long sequence) {
            return versions.stream()
                    .filter(row -> row.key().equals(key) && row.stamp().sequence() <= sequence)
                    .count();
        }

        @Override
        public synchronized LoggedChanges changesAfter(long change, int limit, CommitIdentity seen) {
            List<LoggedChange> changes = versions.stream()
                    .skip(change)
                    .limit(limit)
                    .map(row -> new LoggedChange(row.key(), row.stamp().version(), Optional.of(row)))
                    .toList();
            return new LoggedChanges(tip(seen), changes);
        }

        @Override
        public synchronized Tip tip(CommitIdentity seen) {
            return new Tip(
                    new CommitIdentity(1, versions.size(), versions.size()),
                    versions.size(),
                    seen.sequence() <= versions.size());
        }

        @Override
        public StateToken state() {
            return state;
        }

        @Override
        public boolean is(StateToken noted) {
            return state.equals(noted);
        }

        @Override
        public long version() {
            throw new AssertionError("the state is there");
        }

        @Override
        public void refuseIfReplaced() {}

        @Override
        public FormerStores formerStores() {
            return FormerStores.NONE;
        }

        @Override
        public String storeId() {
            return "a";
        }

        @Override
        public void close() {}
    }

    /** Rows without a bound, so that no result depends on evictions. */
    private static final class Rows extends VersionCache {
        private final Map<String, Kept> rows = new ConcurrentHashMap<>();

        Rows() {
            super(1);
        }

        @Override
        @Nullable Kept lookUp(String key) {
            return rows.get(key);
        }

        @Override
        void putNewer(String key, Optional<VersionRow> row) {
            Kept newer = new Kept(row);
            Kept kept = rows.get(key);
            if (kept == null || kept.version() < newer.version()) {
                rows.put(key, newer);
            }
        }

        @Override
        void follow(LoggedChange change) {
            Kept kept = rows.get(change.key());
            if (kept != null && kept.version() < change.version()) {
                rows.put(change.key(), new Kept(change.row()));
            }
        }

        @Override
        void forgetAll() {
            rows.clear();
        }
    }

    private final Log log = new Log();
    private final HighWaterMark highWater = new HighWaterMark();
    private final ReadCache cache = new ReadCache(log, highWater, new Rows(), this::load, () -> 0);
    private final Object leader = new Object();

    /** Returns the end of a log whose newest commit is one row. */
    private static Tip end(long sequence) {
        return new Tip(new CommitIdentity(1, sequence, sequence), sequence, true);
    }

    @Operation
    public long latest(@Param(name = "key") int key) {
        return version(cache.latest("k" + key));
    }

    /** Reads any version, which must be no older than this process has committed or returned. */
    @Operation
    public boolean any(@Param(name = "key") int key) {
        long seen = highWater.value();
        long version = version(cache.get("k" + key, Freshness.any()));
        return version >= log.latestUpTo("k" + key, seen);
    }

    @Operation
    public long foreignCommit(@Param(name = "key") int key) {
        return log.commit("k" + key).stamp().version();
    }

    /**
     * Loads a row like the reader pool: it may be newer than the followed commits, and is noted before it is returned.
     */
    private Optional<VersionRow> load(String key) {
        Optional<VersionRow> row = log.latest(key);
        row.ifPresent(this::note);
        return row;
    }

    private void note(VersionRow row) {
        long sequence = row.stamp().sequence();
        highWater.note(highWater.newest(), new CommitIdentity(1, sequence, sequence), log::tip);
    }

    /** Commits like the leader of the commit queue. */
    @Operation
    public long ownCommit(@Param(name = "key") int key) {
        synchronized (leader) {
            StateToken before = cache.state();
            VersionRow row = log.commit("k" + key);
            note(row);
            cache.committed(before, end(row.stamp().sequence()), List.of(row));
            return row.stamp().version();
        }
    }

    private static long version(Optional<VersionRow> row) {
        return row.map(present -> present.stamp().version()).orElse(0L);
    }

    @Test
    @Timeout(600)
    void latest_isTheLatest() {
        everyOrder(Schedules.ofThreads(2, 3));
    }

    /**
     * A reader follows another process's commit and reads the header. Then this process commits, and the reader finds
     * both commits in the log. This process must not count its own commit again, or it misses the next change of
     * another process.
     */
    @Test
    @Timeout(600)
    void ownCommit_alreadyFollowed_isCountedOnce() {
        everyOrder(Schedules.of(
                List.of(operation("latest"), operation("foreignCommit")),
                List.of(List.of(operation("ownCommit")), List.of(operation("latest"))),
                List.of(operation("foreignCommit"), operation("latest"))));
    }

    private static Actor operation(String name) {
        return Schedules.operation(ReadCacheSchedulesTest.class, name, 1);
    }

    private static void everyOrder(ModelCheckingOptions options) {
        options.addGuarantee(forClasses(Log.class.getName(), Rows.class.getName())
                        .allMethods()
                        .treatAsAtomic())
                .check(ReadCacheSchedulesTest.class);
    }
}
