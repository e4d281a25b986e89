package dev.fencepost.internal.sql;

import dev.fencepost.ClaimInfo;
import dev.fencepost.Page;
import dev.fencepost.history.PrunedException;
import dev.fencepost.history.RetentionPolicy;
import dev.fencepost.history.RetentionRule;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Reads and writes the rows of snapshots, retention and pruned history, through one session. */
public final class TimeTables {
    private final Session session;

    public TimeTables(Session session) {
        this.session = session;
    }

    /**
     * A key that can no longer be read as of some sequence, since versions were pruned.
     *
     * @param since the first sequence as of which the key can be read
     */
    public record Missing(String key, long since) {}

    /**
     * Returns the key if its version that was the newest at a sequence was pruned. Must be called after a read did not
     * find the version: a pruned version never reappears.
     */
    public Optional<Missing> missing(String key, long sequence) {
        return missing(TimeStatements.MISSING_KEY, sequence, sequence, key, key);
    }

    /**
     * Returns a key with a prefix whose version at a sequence was pruned, within a page of keys. Must be called after
     * the read, like {@link #missing(String, long)}.
     *
     * @param after the name after which the page begins; empty begins with the first
     * @param last the last name of the page; empty if it ends with the prefix
     */
    public Optional<Missing> missingIn(String prefix, String after, Optional<String> last, long sequence) {
        String from = PrefixRange.from(prefix, after);
        return last.map(PrefixRange::after)
                .or(() -> PrefixRange.end(prefix))
                .map(end -> missing(TimeStatements.MISSING_IN, sequence, sequence, from, end))
                .orElseGet(() -> missing(TimeStatements.MISSING_FROM, sequence, sequence, from));
    }

    private Optional<Missing> missing(String sql, Object... args) {
        return session.first(sql, (rs, ctx) -> new Missing(rs.getString(1), rs.getLong(2)), args);
    }

    /**
     * The range of versions of a key, or of events of a stream.
     *
     * @param newest the number of the newest; 0 if there is none
     * @param keptFrom the number of the oldest that was not pruned
     */
    public record Extent(String name, long newest, long keptFrom) {
        private static Extent of(ResultSet rs) throws SQLException {
            return new Extent(rs.getString(1), rs.getLong(2), rs.getLong(3));
        }
    }

    /** Returns the range of versions of a key. */
    public Extent extent(String key) {
        return session.first(
                        TimeStatements.NEWEST_AND_KEPT, (rs, ctx) -> new Extent(key, rs.getLong(1), rs.getLong(2)), key)
                .orElseGet(() -> new Extent(key, 0, 1));
    }

    /**
     * Returns the last sequence that was committed at a time or before it, by the clocks of the writers. The next
     * commit is later. Found by binary search: if a clock was put back, several sequences have this property, and the
     * result is one of them.
     */
    public long sequenceAt(long time) {
        long low = 0;
        long high = new VersionTables(session).lastSequence() + 1;
        while (high - low > 1) {
            long middle = low + (high - low) / 2;
            boolean later = session.first(TimeStatements.COMMIT_FROM, (rs, ctx) -> rs.getLong(2) > time, middle)
                    .orElse(true);
            if (later) {
                high = middle;
            } else {
                low = middle;
            }
        }
        return low;
    }

    /** An open snapshot. */
    public record Pin(long id, long process, long sequence, long lease, long openedAt) {}

    /** Records an open snapshot and returns its number. */
    public long insertPin(long process, long sequence, Duration lease, long now) {
        return session.first(
                        TimeStatements.INSERT_PIN, (rs, ctx) -> rs.getLong(1), process, sequence, lease.toMillis(), now)
                .orElseThrow();
    }

    public void deletePin(long id) {
        session.change(TimeStatements.DELETE_PIN, id);
    }

    public void deletePinsOf(long process) {
        session.change(TimeStatements.DELETE_PINS_OF_PROCESS, process);
    }

    /** Returns all open snapshots, the lowest sequence first. */
    public List<Pin> pins() {
        return session.all(
                TimeStatements.PINS,
                (rs, ctx) -> new Pin(rs.getLong(1), rs.getLong(2), rs.getLong(3), rs.getLong(4), rs.getLong(5)));
    }

    /** Returns the rules of retention, in the order of their prefixes. */
    public List<RetentionRule> rules(Bounds bounds) {
        return session.page(TimeStatements.RULES, bounds, (rs, ctx) -> rule(rs));
    }

    /** Returns the number of rules for other prefixes. */
    public long countRulesBeside(String prefix) {
        return session.number(TimeStatements.COUNT_RULES_BESIDE, prefix);
    }

    private static RetentionRule rule(ResultSet rs) throws SQLException {
        return new RetentionRule(
                rs.getString(1),
                new RetentionPolicy(
                        Nullables.number(rs, 2).map(TimeTables::toInt).orElseGet(OptionalInt::empty),
                        Nullables.number(rs, 3).map(Duration::ofMillis)),
                rs.getString(4));
    }

    private static OptionalInt toInt(long number) {
        return OptionalInt.of((int) Math.min(number, Integer.MAX_VALUE));
    }

    public void setRule(RetentionRule rule) {
        session.change(
                TimeStatements.SET_RULE,
                rule.prefix(),
                rule.keep().versions().isPresent() ? rule.keep().versions().getAsInt() : null,
                rule.keep().age().map(Duration::toMillis).orElse(null),
                rule.agent());
    }

    /** Removes a rule, and returns whether it existed. */
    public boolean removeRule(String prefix) {
        return session.change(TimeStatements.REMOVE_RULE, prefix) > 0;
    }

    /** Returns keys with a prefix, from a name on, that have more than one version, in the order of their names. */
    public List<Extent> trimmable(String prefix, String from, int limit) {
        return trimmable(TimeStatements.TRIMMABLE_IN, TimeStatements.TRIMMABLE_FROM, prefix, from, limit);
    }

    /** Returns streams with a prefix, from a name on, that have more than one event, in the order of their names. */
    public List<Extent> trimmableStreams(String prefix, String from, int limit) {
        return trimmable(
                TimeStatements.TRIMMABLE_STREAMS_IN, TimeStatements.TRIMMABLE_STREAMS_FROM, prefix, from, limit);
    }

    private List<Extent> trimmable(String bounded, String open, String prefix, String from, int limit) {
        return PrefixRange.end(prefix)
                .map(end -> session.all(bounded, (rs, ctx) -> Extent.of(rs), from, end, limit))
                .orElseGet(() -> session.all(open, (rs, ctx) -> Extent.of(rs), from, limit));
    }

    /** Prunes the versions of a key before one. The schema's triggers refuse to prune a version that must be kept. */
    public void trim(String key, long keptFrom) {
        session.change(TimeStatements.TRIM, key, keptFrom);
    }

    /** Prunes the events of a stream before one; see {@link #trim}. */
    public void trimStream(String stream, long keptFrom) {
        session.change(TimeStatements.TRIM_STREAM, keptFrom, stream);
    }

    /** The number of an event in its stream, and the sequence of its commit. */
    public record Numbered(long number, long sequence) {}

    /** Returns the oldest events of a stream that are kept, in order. */
    public List<Numbered> oldestEvents(String stream, int limit) {
        return session.all(
                TimeStatements.OLDEST_EVENTS, (rs, ctx) -> new Numbered(rs.getLong(1), rs.getLong(2)), stream, limit);
    }

    /** Returns the number of unused pages in the file. */
    public long freePages() {
        return session.freePages();
    }

    /**
     * Gives unused pages back to the file system, at the next checkpoint. Does nothing in a file that keeps its pages.
     */
    public void giveBack(int pages) {
        session.giveBack(pages);
    }

    /** Returns the age up to which ended claims are kept; empty if all are. */
    public Optional<Duration> claimRule() {
        return session.first(TimeStatements.CLAIM_RULE, (rs, ctx) -> Duration.ofMillis(rs.getLong(1)));
    }

    public void setClaimRule(Duration age, String agent) {
        session.change(TimeStatements.SET_CLAIM_RULE, age.toMillis(), agent);
    }

    public void removeClaimRule() {
        session.change(TimeStatements.REMOVE_CLAIM_RULE);
    }

    /** A claim that has ended, and the commit that ended it. */
    public record EndedClaim(long claim, long ended) {}

    /**
     * Returns claims that have ended, in the order of their numbers.
     *
     * @param after the number after which they begin
     * @param through the newest commit that counts as their end
     */
    public List<EndedClaim> endedClaims(long after, long through, int limit) {
        return session.all(
                TimeStatements.ENDED_CLAIMS,
                (rs, ctx) -> new EndedClaim(rs.getLong(1), rs.getLong(2)),
                after,
                through,
                limit);
    }

    /**
     * Deletes claims that have ended, and records up to which commit ended claims may be missing.
     *
     * @param claims all that ended up to a commit, of those from the first of them to the last
     * @param through that commit
     */
    public void pruneClaims(List<EndedClaim> claims, long through) {
        long newest = claims.stream().mapToLong(EndedClaim::ended).max().orElseThrow();
        session.change(TimeStatements.NOTE_PRUNED_CLAIMS, newest);
        session.change(TimeStatements.NOTE_MORE_PRUNED_CLAIMS, newest);
        session.change(
                TimeStatements.PRUNE_CLAIMS,
                claims.get(0).claim(),
                claims.get(claims.size() - 1).claim(),
                through);
    }

    /**
     * Returns a page of the claims that were held at a sequence, in the order of their keys. A claim that has ended
     * since has the time of its end as its expiry.
     *
     * @param after the key after which to begin; empty begins with the first
     * @throws PrunedException if claims that were held then have been pruned
     */
    public Page<ClaimInfo> heldAt(long sequence, String after, Bounds bounds) {
        Page<ClaimInfo> held = session.page(
                TimeStatements.HELD_AT,
                bounds,
                (rs, ctx) -> ClaimTables.held(rs),
                sequence,
                PrefixRange.from("", after));
        refusePruned(sequence);
        return held;
    }

    /**
     * Refuses a sequence whose claims may have been pruned. Must be called after the read: a pruned claim never
     * reappears.
     */
    private void refusePruned(long sequence) {
        long pruned = session.number(TimeStatements.CLAIMS_PRUNED_THROUGH);
        if (sequence < pruned) {
            throw new PrunedException("The claims at sequence " + sequence
                    + " were pruned: claims that ended up to commit " + pruned + " are gone. Use sequence " + pruned
                    + " or later, or retain claims longer");
        }
    }

    /**
     * Returns the claim on one key that was held at a sequence.
     *
     * @throws PrunedException if claims that were held then have been pruned
     */
    public Optional<ClaimInfo> heldOnAt(long sequence, String key) {
        Optional<ClaimInfo> held =
                session.first(TimeStatements.HELD_ON_AT, (rs, ctx) -> ClaimTables.held(rs), sequence, key);
        refusePruned(sequence);
        return held;
    }
}
