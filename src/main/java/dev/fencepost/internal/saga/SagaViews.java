package dev.fencepost.internal.saga;

import dev.fencepost.ClaimInfo;
import dev.fencepost.InvalidInputException;
import dev.fencepost.Page;
import dev.fencepost.internal.sql.Bounds;
import dev.fencepost.internal.sql.ClaimTables;
import dev.fencepost.internal.sql.SagaSummary;
import dev.fencepost.internal.sql.SagaTables;
import dev.fencepost.internal.sql.Session;
import dev.fencepost.internal.sql.TimeTables;
import dev.fencepost.internal.sql.VersionTables;
import dev.fencepost.saga.JournalEntry;
import dev.fencepost.saga.SagaInfo;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongPredicate;
import java.util.stream.Collectors;

/** Views of sagas, of now or of an earlier sequence. Sagas that were forgotten since are missing. */
public final class SagaViews {
    private static final long NOW = Long.MAX_VALUE;

    private final Session session;
    private final SagaTables tables;
    private final long sequence;
    private final LongPredicate isFree;

    private SagaViews(Session session, long sequence, LongPredicate isFree) {
        this.session = session;
        this.tables = new SagaTables(session);
        this.sequence = sequence;
        this.isFree = isFree;
    }

    /**
     * Returns views of the sagas as they are now.
     *
     * @param isFree a test for whether a claim could be taken over, so that its holder no longer counts as a
     *     coordinator
     */
    static SagaViews now(Session session, LongPredicate isFree) {
        return new SagaViews(session, NOW, isFree);
    }

    /** Returns views of the sagas as they were at a sequence. */
    public static SagaViews at(Session session, long sequence) {
        return new SagaViews(session, sequence, claim -> false);
    }

    /** Returns a saga, with its input and a page of its journal. */
    public Optional<SagaInfo> find(String id, long after, Bounds journal) {
        return tables.summary(id, sequence)
                .map(saga -> view(
                        saga,
                        tables.input(saga.id()).orElse(""),
                        tables.entries(saga.id(), after, sequence, journal),
                        sequence == NOW ? heldNow(saga) : new TimeTables(session).heldOnAt(sequence, saga.key())));
    }

    /**
     * Returns sagas in the order in which they began, without inputs and journals.
     *
     * @param after the name of the saga after which to begin; empty begins with the first
     */
    public Page<SagaInfo> list(boolean ended, String after, Bounds bounds) {
        long number = after.isEmpty()
                ? 0
                : tables.number(after)
                        .orElseThrow(() -> new InvalidInputException("No saga '" + after
                                + "', after which the page begins; it never began, or was forgotten."
                                + " Begin with the first"));
        Page<SagaSummary> page = tables.summaries(ended, number, sequence, bounds);
        Map<String, ClaimInfo> coordinators = sequence == NOW ? Map.of() : heldThen(page);
        Page<JournalEntry> unread = Page.of(List.of(), true);
        return page.map(saga -> view(
                saga, "", unread, sequence == NOW ? heldNow(saga) : Optional.ofNullable(coordinators.get(saga.key()))));
    }

    private static SagaInfo view(
            SagaSummary saga, String input, Page<JournalEntry> journal, Optional<ClaimInfo> coordinator) {
        return new SagaInfo(
                saga.saga(),
                saga.definition(),
                saga.version(),
                saga.state(),
                input,
                saga.step(),
                saga.reason(),
                coordinator,
                Instant.ofEpochMilli(saga.begunAt()),
                Instant.ofEpochMilli(saga.lastAt()),
                journal);
    }

    private Optional<ClaimInfo> heldNow(SagaSummary saga) {
        Optional<Long> claim = new VersionTables(session).key(saga.key()).claim();
        return claim.filter(held -> !isFree.test(held)).flatMap(held -> new ClaimTables(session).heldOn(saga.key()));
    }

    /**
     * Returns the claims that were held on the keys of sagas, by key. No index leads from a key to its earlier claims,
     * so one scan finds them for all sagas.
     */
    private Map<String, ClaimInfo> heldThen(Page<SagaSummary> sagas) {
        Set<String> keys = sagas.stream().map(SagaSummary::key).collect(Collectors.toSet());
        Map<String, ClaimInfo> held = new HashMap<>();
        for (String after = SagaCoordinator.key(""); ; ) {
            Page<ClaimInfo> page = new TimeTables(session).heldAt(sequence, after, Bounds.page(Page.MAX_ENTRIES));
            page.stream().filter(claim -> keys.contains(claim.key())).forEach(claim -> held.put(claim.key(), claim));
            String last = page.last().map(ClaimInfo::key).orElse("");
            if (!page.more() || !last.startsWith(SagaCoordinator.key(""))) {
                return held;
            }
            after = last;
        }
    }
}
