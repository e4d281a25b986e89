package dev.fencepost;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The whole store as it was at one place in the order of commits: keys, streams, claims and sagas, one consistent cut,
 * that reads the same for as long as it is open. It holds no transaction open, so it keeps nobody from writing and the log
 * from nothing; what it can see is kept from {@link Retention} by a pin in the file.
 *
 * <p>The pin is leased: a process that dies, or that shows no sign of life for {@link #LEASE}, keeps nothing back. A
 * snapshot whose pin was lost goes on answering; what has been let go since is {@link NoLongerKeptException}, never a wrong
 * answer.
 *
 * <p>It remembers the names of what was read through it, so that a commit can be made to depend on all of it; see
 * {@link Writes#basedOn}. Safe for use by many threads.
 *
 * @see Store#snapshot()
 */
public interface Snapshot extends Reader, AutoCloseable {
    /**
     * How long a snapshot keeps its hold without a sign of life from its process; where {@linkplain
     * StoreConfig#withHeartbeat three heartbeats} are longer, so long.
     */
    Duration LEASE = Duration.ofMinutes(1);

    /** Its place in the order of the store: it shows the effects of all commits up to this one, and of no other. */
    long sequence();

    /**
     * The claims that were held, in the order of their keys. When their leases were to run out is not in history: a claim
     * that has ended since is shown to expire at its end.
     */
    List<HeldClaim> claims();

    /** All sagas that had begun, with their journals, as they stood; without those that were forgotten since. */
    List<SagaView> sagas();

    /** A saga as it stood; empty if it had not begun, or was forgotten since. */
    Optional<SagaView> saga(String id);

    /** Lets go. Idempotent. */
    @Override
    void close();
}
