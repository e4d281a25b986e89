/**
 * Shared state for agents that run as several processes on one host. One SQLite file is the coordinator: there is no
 * server to start and nothing to elect.
 *
 * <h2>Nouns</h2>
 *
 * <ul>
 *   <li>A {@link dev.fencepost.Store} is one file. Reading goes through it, and is linearizable across processes.
 *   <li>A {@link dev.fencepost.Key} names a value. Every change of it is a <em>version</em>: 1, 2, 3 and so on, never
 *       reused; a deletion is a version too. The <em>sequence</em> is the order of commits in the whole store.
 *   <li>An {@link dev.fencepost.Agent} is a named writer. It writes optimistically, with a
 *       {@link dev.fencepost.Precondition}, {@link dev.fencepost.Writer#update update} or
 *       {@link dev.fencepost.Writer#transact transact}, or pessimistically with a claim.
 *   <li>A {@link dev.fencepost.Claim} is the exclusive right to write some keys, under a {@link dev.fencepost.Lease}. It
 *       is marked with an <em>epoch</em> that grows with every change of ownership, and that every commit under the claim
 *       is checked against.
 *   <li>A saga is a sequence of steps, run by {@link dev.fencepost.saga.Sagas}. Each {@link dev.fencepost.saga.SagaStep} has a
 *       compensation, and the saga has a journal that survives the death of any process.
 *   <li>A {@link dev.fencepost.Snapshot} is the whole store as of one sequence. {@link dev.fencepost.history.Retention} sets for
 *       how long old versions are kept.
 *   <li>An {@link dev.fencepost.event.Event} is a fact in an {@link dev.fencepost.event.EventStream}, appended in a commit. The
 *       {@link dev.fencepost.event.ChangeFeed} delivers changes in the order of commits to the consumer of a
 *       {@link dev.fencepost.event.Cursor}.
 * </ul>
 *
 * <h2>Laws</h2>
 *
 * <ul>
 *   <li><em>One winner.</em> Of concurrent writers that saw the same version, exactly one commits.
 *   <li><em>A refusal changes nothing and says why.</em> Contention is a value: {@link dev.fencepost.Conflict},
 *       {@link dev.fencepost.Claimed}, {@link dev.fencepost.ClaimResult.Busy}. Everything else is a
 *       {@link dev.fencepost.FencepostException}.
 *   <li><em>Zombies are fenced.</em> A former holder writes nothing under a lost claim, even if the key was not changed
 *       since.
 *   <li><em>Safety never depends on a clock.</em> Leases, heartbeats and the liveness of processes decide when another
 *       agent may take over; the epoch alone decides whether a write is applied.
 *   <li><em>No preemption.</em> A live claim is never taken silently, and waiting is first come, first served.
 *   <li><em>Unfenced writes respect claims.</em>
 *   <li><em>Transactions are serializable</em>, prefixes and absences included.
 *   <li><em>A latest read is linearizable across processes</em>, from the cache too. The caller asks for an
 *       older read by name, with a {@link dev.fencepost.Freshness}, and always reads its own writes.
 *   <li><em>History does not change</em>: a version always reads the same, or is reported as pruned; see
 *       {@link dev.fencepost.history.VersionLookup}. <em>The file defends itself</em>: triggers enforce the rules against every
 *       writer, a SQL prompt included.
 *   <li><em>An acknowledged commit survives</em> the death of any process and, by default, the loss of power.
 *   <li><em>A saga ends</em>: completed, or compensated in reverse order of completion, or visibly stuck and waiting for an
 *       operator. A step that is in doubt is never blindly repeated or compensated.
 *   <li><em>An unusable store is refused when it is opened</em>, with a {@link dev.fencepost.UnusableStoreException}.
 * </ul>
 *
 * <h2>Glossary</h2>
 *
 * <p>One word for one thing, in the API, in SQL, on the command line, in the specifications and in the tests.
 *
 * <dl>
 *   <dt>agent
 *   <dd>a named writer
 *   <dt>claim
 *   <dd>the exclusive right to write keys; its <em>holder</em> is one agent in one process
 *   <dt>coordinator
 *   <dd>the process that runs the steps of a saga
 *   <dt>compensate
 *   <dd>reverse one step of a saga; to <em>roll back</em> a saga compensates all its steps
 *   <dt>conflict
 *   <dd>a precondition that is not met, or a read that is no longer the latest
 *   <dt>cursor
 *   <dd>the position of a consumer in the change feed
 *   <dt>dead letter
 *   <dd>a change whose handler failed too often, set aside
 *   <dt>epoch
 *   <dd>the number of ownership changes of a key; every takeover increments it
 *   <dt>fenced
 *   <dd>refused, since the claim of the writer was lost
 *   <dt>history
 *   <dd>the commits of one store; a restore begins another one
 *   <dt>in doubt
 *   <dd>begun, with an unknown outcome
 *   <dt>lease
 *   <dd>the time for which a claim holds without being renewed
 *   <dt>prune
 *   <dd>remove old versions, events or claims by a rule of retention
 *   <dt>refused
 *   <dd>not applied; a refusal states the reason and changes nothing
 *   <dt>sequence
 *   <dd>the number of a commit in the whole store
 *   <dt>takeover
 *   <dd>the grant of a claim whose holder is dead, expired or revoked
 *   <dt>task
 *   <dd>a step of a saga that a worker does
 *   <dt>tombstone
 *   <dd>the version that a deletion writes
 *   <dt>version
 *   <dd>the number of a change of one key
 *   <dt>waiter
 *   <dd>an agent in the queue for a claim
 *   <dt>zombie
 *   <dd>a former holder that still runs
 * </dl>
 *
 * <p>Nothing takes or returns null. Types are safe for use by many threads unless they say otherwise.
 */
@NullMarked
package dev.fencepost;

import org.jspecify.annotations.NullMarked;
