package dev.fencepost.saga;

import dev.fencepost.Agent;
import dev.fencepost.ClaimBusyException;
import dev.fencepost.ClaimToken;
import dev.fencepost.FencedException;
import dev.fencepost.InvalidInputException;
import dev.fencepost.Lease;
import dev.fencepost.Page;
import dev.fencepost.ResultTooLargeException;
import dev.fencepost.StoreConfig;
import dev.fencepost.WaitInterruptedException;
import dev.fencepost.history.Retention;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Runs sagas: sequences of steps with external effects. When a step fails, the completed steps before it are
 * compensated. No saga depends on one process staying alive. Every saga ends as completed, or as compensated in reverse
 * order of completion, or is stuck until an operator decides.
 *
 * <p>The coordinator writes every action to a journal before it acts. It holds a claim on the saga, and each journal
 * entry is a commit under that claim. A coordinator that was presumed dead and resumes is therefore refused at its next
 * entry. Safe for use by many threads.
 *
 * @see Agent#sagas()
 */
public interface Sagas {
    /**
     * Begins a saga, joins one that another coordinator runs, or resumes one without a coordinator. Waits until the
     * saga has ended or is stuck. Its steps run on this thread; parallel steps also run on other threads.
     *
     * @param id the name of the saga, up to 200 bytes of UTF-8: the same work has the same name
     * @throws SagaStateException if there is a saga of this name with another input or definition
     * @throws WaitInterruptedException if the thread was interrupted while it waited; the saga can be resumed
     * @throws FencedException if the saga was taken over while it ran here
     */
    <I> SagaOutcome run(SagaDefinition<I> definition, String id, I input);

    /**
     * Starts a saga as {@link #run} does, on its own thread, without waiting. Failures appear in the log, and to
     * callers that wait for the saga.
     */
    <I> void start(SagaDefinition<I> definition, String id, I input);

    /**
     * Waits until a saga has ended or is stuck, in whichever process its coordinator runs.
     *
     * @param wait at most {@link StoreConfig#maxWait()}; zero checks once
     * @return empty if the saga has neither ended nor become stuck within the wait
     * @throws SagaStateException if there is no saga of this name
     */
    Optional<SagaOutcome> await(String id, Duration wait);

    /**
     * Returns a saga with its input and its journal; empty if there is no saga of this name.
     *
     * @throws ResultTooLargeException if the journal has more than {@link Page#MAX_ENTRIES} entries or
     *     {@link Page#MAX_LIST_BYTES} bytes of text; use {@link #find(String, long, int)}
     */
    Optional<SagaInfo> find(String id);

    /**
     * Returns a saga with its input and a page of its journal; empty if there is no saga of this name.
     *
     * @param after the number of the entry after which to begin; 0 begins with the first
     * @param limit the most entries, from 1 to {@link Page#MAX_ENTRIES}
     * @throws InvalidInputException if the number or the limit is out of bounds
     */
    Optional<SagaInfo> find(String id, long after, int limit);

    /**
     * Returns the sagas in the order in which they began, without inputs and journals. Up to {@link Page#MAX_ENTRIES}.
     *
     * @param ended true to include the sagas that have ended
     * @throws ResultTooLargeException if there are more; use {@link #list(boolean, String, int)}
     */
    List<SagaInfo> list(boolean ended);

    /**
     * Returns a page of the sagas in the order in which they began, without inputs and journals.
     *
     * @param ended true to include the sagas that have ended
     * @param after the name of the saga after which to begin; the empty text begins with the first. The saga may have
     *     ended
     * @param limit the most sagas, from 1 to {@link Page#MAX_ENTRIES}
     * @throws InvalidInputException if the limit is out of bounds, or there is no saga of the name {@code after}, for
     *     example because it was forgotten; begin with the first again
     */
    Page<SagaInfo> list(boolean ended, String after, int limit);

    /**
     * Takes over the sagas that have no live coordinator, and drives each until it has ended or is stuck.
     *
     * <p>A saga that could not be driven, or was taken over meanwhile, is left for the next call; the log records the
     * reason. The other sagas continue. Sagas that wait for another agent's report are awaited after the others.
     *
     * <p>A saga that its definition cannot drive becomes stuck: its input cannot be read, its keys cannot be
     * determined, or its steps differ from those that it began with.
     *
     * @param definitions the definitions to recover. Sagas of other definitions or versions are left alone, with two
     *     exceptions: one that is to end and has begun no step is ended, and one that was to end an hour ago becomes
     *     stuck
     * @return the outcomes of the sagas that were taken over here
     */
    List<SagaOutcome> recover(Collection<SagaDefinition<?>> definitions);

    /**
     * Calls {@link #recover} periodically on its own thread, until the result or the store is closed.
     *
     * @param every the pause between two calls, from a millisecond to 365 days; a second is usual
     * @throws InvalidInputException if the pause is out of bounds
     */
    AutoCloseable recoverEvery(Duration every, Collection<SagaDefinition<?>> definitions);

    /**
     * Requests the end of a saga, from any process. No step begins after this, and the saga rolls back unless it is
     * past its pivot. A stuck saga stays stuck; it rolls back once an operator has decided about its step. A saga
     * without a coordinator rolls back when a process drives it; {@link #resolve} ends it at once.
     *
     * @throws SagaStateException if there is no saga of this name, or it has ended
     */
    void cancel(String id, String note);

    /**
     * Retries the step at which a saga is stuck, with its full number of attempts. A process that recovers sagas drives
     * it. The caller asserts that no attempt so far has an effect, and that none is in progress: the step runs again,
     * and its probe is not called. If the step happened, {@link #confirm} it instead.
     *
     * @throws SagaStateException if the saga is not stuck
     */
    void retry(String id, String note);

    /**
     * Skips the step at which a saga is stuck, or its compensation, and lets the saga continue. A compensation that is
     * skipped counts as done. A step that is skipped is not compensated later, and does not count as a pivot.
     *
     * @param output the output that is recorded for the step
     * @throws SagaStateException if the saga is not stuck at a step
     */
    void skip(String id, String output);

    /**
     * Confirms that the step at which a saga is stuck did happen, and lets the saga continue. The step is compensated
     * like others if the saga rolls back.
     *
     * @throws SagaStateException if the saga is not stuck at a step that was begun and not yet compensated
     */
    void confirm(String id, String output);

    /**
     * Ends a saga by hand, if it is stuck or no live process coordinates it. Its open tasks are withdrawn.
     *
     * @throws SagaStateException if the saga has ended, or a live process coordinates it
     */
    void resolve(String id, String note);

    /**
     * Deletes sagas that have ended, with their journals; their names can be used again. Each commit deletes a hundred,
     * so that no writer waits long.
     *
     * @param endedBefore the least time since the end of a saga, by the earliest of the clocks that compare; see
     *     {@link Retention}. Zero deletes all that have ended
     * @return the number of sagas deleted
     */
    int forget(Duration endedBefore);

    /**
     * Claims the oldest open task of a role.
     *
     * @param lease the lease of the claim on the task; see {@link Agent#claim}
     * @param wait the longest wait for a task; zero checks once. At most {@link StoreConfig#maxWait()}
     * @return empty if there is no task within the wait
     */
    Optional<StepTask> claimTask(String role, Lease lease, Duration wait);

    /**
     * Returns a task that was claimed before, perhaps by another process, by the token of its claim.
     *
     * @throws SagaStateException if the task was reported under this token before, or the token is not that of a task
     * @throws FencedException if the task was taken over
     */
    StepTask resumeTask(ClaimToken token);

    /**
     * Begins a saga that is driven by reports alone, or resumes it in its current state.
     *
     * @param steps the names of the steps, in order; the same each time
     * @param lease the lease of the claim, which each report renews; see {@link Agent#claim}
     * @throws ClaimBusyException if another holder has the saga
     * @throws SagaStateException if there is a saga of this name with other steps, or one that has ended
     */
    ManualSaga startManual(String id, List<String> steps, Lease lease);

    /**
     * Returns a manual saga that was claimed before, perhaps by another process, by its token.
     *
     * <p>Once the saga has ended, its tokens still show its state. {@link ManualSaga#next} is then empty, and each
     * report is refused.
     *
     * @throws SagaStateException if the token is not that of a manual saga
     * @throws FencedException if the saga was taken over and has not ended
     */
    ManualSaga resumeManual(ClaimToken token);
}
