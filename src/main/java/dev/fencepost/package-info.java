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
 *   <li>An {@link dev.fencepost.Agent} is whoever writes: optimistically with a
 *       {@link dev.fencepost.Precondition}, {@link dev.fencepost.Writer#update update} or
 *       {@link dev.fencepost.Writer#transact transact}, or pessimistically with a claim.
 *   <li>A {@link dev.fencepost.Claim} is the exclusive right to write some keys, under a {@link dev.fencepost.Lease}. It
 *       is marked with an <em>epoch</em> that grows with every change of ownership, and that every commit under the claim
 *       is checked against.
 *   <li>A saga is work in steps, run by {@link dev.fencepost.Sagas}: each {@link dev.fencepost.SagaStep} with what undoes
 *       it, and a journal that outlives any process.
 *   <li>A {@link dev.fencepost.Snapshot} is the whole store as of one place in that order. {@link dev.fencepost.Retention}
 *       says for how long what was is kept.
 *   <li>An {@link dev.fencepost.Event} is a fact in an {@link dev.fencepost.EventStream}, appended in a commit. The
 *       {@link dev.fencepost.ChangeFeed} gives changes in the order of commits, to be consumed by a {@link dev.fencepost.Cursor}.
 * </ul>
 *
 * <h2>Laws</h2>
 *
 * <ul>
 *   <li><em>One winner.</em> Of concurrent writers that saw the same version, exactly one commits.
 *   <li><em>A refusal changes nothing and says why.</em> Contention is a value: {@link dev.fencepost.Conflict},
 *       {@link dev.fencepost.Claimed}, {@link dev.fencepost.ClaimResult.Busy}. Everything else is a
 *       {@link dev.fencepost.FencepostException}.
 *   <li><em>Zombies are fenced.</em> Who lost a claim can write nothing under it, even if nobody touched the key since.
 *   <li><em>Safety never depends on a clock.</em> Leases, heartbeats and the facts about processes decide when others may
 *       go on; the epoch alone decides whether a write lands.
 *   <li><em>No preemption.</em> A live claim is never taken silently, and waiting is first come, first served.
 *   <li><em>Unfenced writes respect claims.</em>
 *   <li><em>Transactions are serializable</em>, prefixes and absences included.
 *   <li><em>A latest read is linearizable across processes</em>, from the cache too. Staler reads are asked for by name, by
 *       their {@link dev.fencepost.Freshness}, and nobody ever sees its own writes undone.
 *   <li><em>History does not change</em>: a version reads the same for ever, or answers that it is no longer kept, which
 *       {@linkplain dev.fencepost.VersionLookup is an answer of its own}; and <em>the file defends itself</em>: triggers hold the rules against every
 *       writer, a SQL prompt included.
 *   <li><em>An acknowledged commit survives</em> the death of any process and, by default, the loss of power.
 *   <li><em>A saga ends</em>: completed, or compensated in reverse order of completion, or visibly stuck and waiting for an
 *       operator. A step that began and left no outcome is never blindly repeated or undone.
 *   <li><em>What cannot be served is refused at the door</em>, with a {@link dev.fencepost.UnusableStoreException}.
 * </ul>
 *
 * <p>Nothing takes or returns null. Types are safe for use by many threads unless they say otherwise.
 */
@NullMarked
package dev.fencepost;

import org.jspecify.annotations.NullMarked;
