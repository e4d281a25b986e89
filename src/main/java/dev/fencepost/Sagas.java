package dev.fencepost;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Work in steps that touch the world outside, of which the earlier ones are undone when a later one fails, and none of it
 * depends on one process staying alive. Every saga ends: completed, or compensated in reverse order of completion, or
 * visibly stuck until an operator decides.
 *
 * <p>What happens stands in a journal before anybody acts on it. Whoever coordinates a saga holds a claim on it, and each
 * entry of the journal is a commit under that claim: so a coordinator that was taken for dead, and wakes, is refused at
 * its next entry. Safe for use by many threads.
 *
 * @see Agent#sagas()
 */
public interface Sagas {
    /**
     * Begins a saga, joins one that others coordinate, or resumes one that nobody does; and waits until it has ended or is
     * stuck. Its steps run on this thread, and on others where they may run at the same time.
     *
     * @param id the name of the saga, up to 200 bytes of UTF-8: the same work has the same name
     * @throws SagaStateException if there is a saga of this name with another input or definition
     * @throws WaitInterruptedException if the thread was interrupted while it waited; the saga can be resumed
     * @throws FencedException if the saga was taken over while it ran here
     */
    <I> SagaOutcome run(SagaDefinition<I> definition, String id, I input);

    /** As {@link #run}, on a thread of its own, without waiting. Failures are seen in the log, and by those who wait. */
    <I> void start(SagaDefinition<I> definition, String id, I input);

    /**
     * Waits until a saga has ended or is stuck, whoever coordinates it.
     *
     * @param wait at most {@link StoreConfig#maxWait()}; zero looks once
     * @return empty if it has not when the wait is over
     * @throws SagaStateException if there is none of this name
     */
    Optional<SagaOutcome> await(String id, Duration wait);

    /**
     * Returns a saga with its input and its journal; empty if there is none of this name.
     *
     * @throws ResultTooLargeException if the journal has more than {@link Page#MAX_ENTRIES} entries or
     *     {@link Page#MAX_LIST_BYTES} bytes of text; use {@link #find(String, long, int)}
     */
    Optional<SagaInfo> find(String id);

    /**
     * Returns a saga with its input and a page of its journal; empty if there is none of this name.
     *
     * @param after the number of the entry after which to begin; 0 begins with the first
     * @param limit the most entries, from 1 to {@link Page#MAX_ENTRIES}
     * @throws InvalidInputException if the number or the limit is out of bounds
     */
    Optional<SagaInfo> find(String id, long after, int limit);

    /**
     * Returns the sagas in the order in which they began, without inputs and journals. Up to {@link Page#MAX_ENTRIES}.
     *
     * @param ended true to list the sagas that have ended too
     * @throws ResultTooLargeException if there are more; use {@link #list(boolean, String, int)}
     */
    List<SagaInfo> list(boolean ended);

    /**
     * Returns a page of the sagas in the order in which they began, without inputs and journals.
     *
     * @param ended true to list the sagas that have ended too
     * @param after the name of the saga after which to begin; the empty text begins with the first. It may have ended
     * @param limit the most sagas, from 1 to {@link Page#MAX_ENTRIES}
     * @throws InvalidInputException if the limit is out of bounds, or there is no saga of the name {@code after}, for
     *     example because it was forgotten; begin with the first again
     */
    Page<SagaInfo> list(boolean ended, String after, int limit);

    /**
     * Takes over the sagas that nobody coordinates any more, and carries each of them on until it has ended or is stuck.
     *
     * <p>A saga that could not be carried on, or was taken over meanwhile, is left for the next time; the log says why.
     * The others are carried on. Sagas that wait for another agent's report are awaited after the others.
     *
     * <p>A saga that its definition cannot drive becomes stuck: its input cannot be read, its keys cannot be determined, or
     * its steps are not those that it began with.
     *
     * @param definitions sagas of other definitions or versions are left alone, with two exceptions: one that is to end and
     *     has begun no step is ended, and one that was to end an hour ago becomes stuck
     * @return how those ended that were taken over here
     */
    List<SagaOutcome> recover(Collection<SagaDefinition<?>> definitions);

    /**
     * Does what {@link #recover} does, every now and then, on a thread of its own, until it is closed or the store is.
     *
     * @param every the pause between two looks, from a millisecond to 365 days; a second is usual
     * @throws InvalidInputException if the pause is out of bounds
     */
    AutoCloseable recoverEvery(Duration every, Collection<SagaDefinition<?>> definitions);

    /**
     * Asks for the end of a saga, from any process: what was done is undone, unless it is past its pivot. No step begins
     * after this. A stuck saga stays stuck; once an operator has decided about its step, it turns back. A saga that no process
     * drives turns back when one does; {@link #resolve} ends it at once.
     *
     * @throws SagaStateException if there is none of this name, or it has ended
     */
    void cancel(String id, String note);

    /**
     * Lets a stuck saga go on with the step at which it is stuck, with all its attempts anew. Whoever recovers sagas
     * carries it on. Says that nothing stands of the attempts so far, and none is on its way: the step runs again, and its
     * probe is not asked. If it happened, {@link #confirm} it instead.
     *
     * @throws SagaStateException if the saga is not stuck
     */
    void retry(String id, String note);

    /**
     * Leaves out the step at which a saga is stuck, or takes it for undone if it was to be undone, and lets the saga go on.
     * A step that is left out is not undone later, and as a pivot it does not count.
     *
     * @param output what the step is taken to have given
     * @throws SagaStateException if the saga is not stuck at a step
     */
    void skip(String id, String output);

    /**
     * Says that the step at which a saga is stuck did happen, and lets the saga go on; it is undone like others if the saga
     * turns back.
     *
     * @throws SagaStateException if the saga is not stuck at a step that was begun and not yet undone
     */
    void confirm(String id, String output);

    /**
     * Ends a saga by hand: one that is stuck, or that no live process coordinates. Work that it still offers is withdrawn.
     *
     * @throws SagaStateException if the saga has ended, or a live process coordinates it
     */
    void resolve(String id, String note);

    /**
     * Forgets sagas that have ended, journals and all; their names can be used again. A hundred in one commit, so that no
     * writer waits long.
     *
     * @param endedBefore how long ago they must have ended, by the earliest of the clocks that compare; see {@link
     *     Retention}. Zero forgets all that have ended
     * @return how many were forgotten
     */
    int forget(Duration endedBefore);

    /**
     * Takes the oldest work that is offered under a role.
     *
     * @param lease how long the claim on it lives without a sign of life; see {@link Agent#claim}
     * @param wait how long to wait for work; zero asks once. At most {@link StoreConfig#maxWait()}
     * @return empty if there is none when the wait is over
     */
    Optional<StepTask> claimTask(String role, Lease lease, Duration wait);

    /**
     * Returns work that was taken before, perhaps by another process, by the token of its claim.
     *
     * @throws SagaStateException if it was reported under this token before, or the token is not one of work
     * @throws FencedException if the work was taken over
     */
    StepTask resumeTask(ClaimToken token);

    /**
     * Begins a saga that is driven by reports alone, or takes it up where it stands.
     *
     * @param steps their names, in order; the same each time
     * @param lease how long it is held without a report, or a sign of life; see {@link Agent#claim}
     * @throws ClaimBusyException if somebody else holds it
     * @throws SagaStateException if there is a saga of this name with other steps, or that has ended
     */
    ManualSaga startManual(String id, List<String> steps, Lease lease);

    /**
     * Returns a saga that is driven by reports, and was taken up before, perhaps by another process, by its token.
     *
     * <p>Once the saga has ended, its tokens still show its state. {@link ManualSaga#next} is empty then, and each report
     * is refused.
     *
     * @throws SagaStateException if the token is not one of such a saga
     * @throws FencedException if the saga was taken over and has not ended
     */
    ManualSaga resumeManual(ClaimToken token);
}
