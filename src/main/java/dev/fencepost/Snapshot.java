package dev.fencepost;

import dev.fencepost.history.PrunedException;
import dev.fencepost.history.Retention;
import dev.fencepost.saga.SagaInfo;
import dev.fencepost.saga.Sagas;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A consistent view of the whole store at one place in the order of commits: keys, streams, claims and sagas. It reads
 * the same for as long as it is open. It holds no transaction open, so it blocks neither writers nor checkpoints. A pin
 * in the file protects its versions from {@link Retention}.
 *
 * <p>The pin is leased. The pin of a process that dies, or that shows no sign of life for {@link #LEASE}, protects
 * nothing. A snapshot whose pin was lost still answers. A read of a version pruned since then throws
 * {@link PrunedException}, and never returns a wrong answer.
 *
 * <p>A snapshot records the names of what was read through it, so that a commit can depend on all of it; see
 * {@link WriteBatch#basedOn}. Safe for use by many threads.
 *
 * @see Store#snapshot()
 */
public interface Snapshot extends Reader, AutoCloseable {
    /**
     * The lease of a snapshot's pin without a sign of life from its process. If
     * {@linkplain StoreConfig#withHeartbeat three heartbeats} are longer, they apply instead.
     */
    Duration LEASE = Duration.ofMinutes(1);

    /**
     * Returns its place in the order of the store. It shows the effects of all commits up to this one, and of no other.
     */
    long sequence();

    /**
     * Returns the claims that were held, in the order of their keys. History does not record when their leases were to
     * expire: a claim that has ended since is shown to expire at its end. Up to {@link Page#MAX_ENTRIES}.
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
     * Returns all sagas that had begun, in their state at that time, without inputs and journals. Sagas that were
     * forgotten since are missing. Up to {@link Page#MAX_ENTRIES}.
     *
     * @throws ResultTooLargeException if there are more; use {@link #sagas(boolean, String, int)}
     * @throws PrunedException if claims that were held then were pruned, since those name the coordinators
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
     * Returns a saga in its state at that time, with its input and its journal; empty if it had not begun, or was
     * forgotten since.
     *
     * @throws ResultTooLargeException if the journal is too large; use {@link #saga(String, long, int)}
     * @throws PrunedException as {@link #sagas()}
     */
    Optional<SagaInfo> saga(String id);

    /**
     * Returns a saga in its state at that time, with a page of its journal; see {@link Sagas#find(String, long, int)}.
     *
     * @param after the number of the entry after which to begin; 0 begins with the first
     * @param limit the most entries, from 1 to {@link Page#MAX_ENTRIES}
     * @throws InvalidInputException if the number or the limit is out of bounds
     */
    Optional<SagaInfo> saga(String id, long after, int limit);

    /** Releases the pin. Idempotent. */
    @Override
    void close();
}
