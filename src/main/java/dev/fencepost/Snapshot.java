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
 * snapshot whose pin was lost goes on answering; what has been let go since is {@link PrunedException}, never a wrong
 * answer.
 *
 * <p>It remembers the names of what was read through it, so that a commit can be made to depend on all of it; see
 * {@link WriteBatch#basedOn}. Safe for use by many threads.
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
     * that has ended since is shown to expire at its end. Up to {@link Page#MAX_ENTRIES}.
     *
     * @throws ResultTooLargeException if there are more; use {@link #claims(String, int)}
     * @throws PrunedException if claims that were held then were pruned; see {@link Retention#setClaimAge}
     */
    List<ClaimInfo> claims();

    /**
     * Returns a page of the claims that were held; see {@link #claims()} and {@link Store#claims(String, int)}.
     *
     * @param after the key after which to begin; the empty text begins with the first
     * @param limit the most entries, from 1 to {@link Page#MAX_ENTRIES}
     * @throws InvalidInputException if the limit is out of bounds, or {@code after} is not well-formed
     */
    Page<ClaimInfo> claims(String after, int limit);

    /**
     * Returns all sagas that had begun, as they stood, without inputs and journals; without those that were forgotten
     * since. Up to {@link Page#MAX_ENTRIES}.
     *
     * @throws ResultTooLargeException if there are more; use {@link #sagas(boolean, String, int)}
     * @throws PrunedException if claims that were held then were pruned, since those tell who coordinated
     */
    List<SagaInfo> sagas();

    /**
     * Returns a page of the sagas that had begun; see {@link Sagas#list(boolean, String, int)}.
     *
     * @param ended true to list the sagas that had ended too
     * @param after the name of the saga after which to begin; the empty text begins with the first
     * @param limit the most sagas, from 1 to {@link Page#MAX_ENTRIES}
     * @throws InvalidInputException if the limit is out of bounds, or the store has no saga of the name {@code after}
     */
    Page<SagaInfo> sagas(boolean ended, String after, int limit);

    /**
     * Returns a saga as it stood, with its input and its journal; empty if it had not begun, or was forgotten since.
     *
     * @throws ResultTooLargeException if the journal is too large; use {@link #saga(String, long, int)}
     * @throws PrunedException as {@link #sagas()}
     */
    Optional<SagaInfo> saga(String id);

    /**
     * Returns a saga as it stood, with a page of its journal; see {@link Sagas#find(String, long, int)}.
     *
     * @param after the number of the entry after which to begin; 0 begins with the first
     * @param limit the most entries, from 1 to {@link Page#MAX_ENTRIES}
     * @throws InvalidInputException if the number or the limit is out of bounds
     */
    Optional<SagaInfo> saga(String id, long after, int limit);

    /** Lets go. Idempotent. */
    @Override
    void close();
}
