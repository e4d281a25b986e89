-------------------------- MODULE EarlyLockRelease --------------------------
(***************************************************************************)
(* Group commit with early lock release: a commit releases the write lock  *)
(* before the fsync of the log has ended, and is acknowledged after it.    *)
(* (DeWitt et al., SIGMOD 1984; Johnson et al., 'Aether', VLDB 2010.)      *)
(*                                                                         *)
(* The visibility rule: A commit is visible to all as soon as it is        *)
(* published. Until the log is synced, a loss of power may lose it. An     *)
(* ordinary read, a refusal and a read-only transaction may depend on such *)
(* a commit. An acknowledged commit, and everything that a durable read    *)
(* returned, is on the disk with all earlier commits. A process that dies  *)
(* between publication and fsync leaves a commit that is visible, not      *)
(* acknowledged, and perhaps not durable.                                  *)
(*                                                                         *)
(* The log is modelled as the sequence of all commits. The log file (WAL)  *)
(* has those since its last restart, the database file those before. An    *)
(* fsync covers the writes before it began. An fsync may begin and end at  *)
(* any time, inside or outside the lock. In a commit that is synced inside *)
(* the lock, the fsync ends before the commit is published.                *)
(*                                                                         *)
(* If an fsync fails, the operating system may drop the data that it could *)
(* not write, and a later fsync then succeeds without it. SQLite never     *)
(* builds on a commit whose fsync failed inside the lock. After            *)
(* publication, others may have built on such a commit already. Those      *)
(* commits must not be acknowledged. Every process that had the log open   *)
(* is notified of the failure once. For a process that opens the log       *)
(* later, there is a mark that outlives processes. A process that takes    *)
(* the write lock and finds the mark first rewrites the log in place and   *)
(* syncs it. The rewrite makes the operating system write all of it again. *)
(*                                                                         *)
(* The actions in the code (package dev.fencepost.internal):               *)
(*   Begin                    sqlite.WriteSession.begin, with SQLite's     *)
(*                            write lock                                   *)
(*   Confirm                  commit.GroupCommitter, for a batch whose     *)
(*                            tasks are already done and which writes      *)
(*                            nothing                                      *)
(*   Write, Publish, Release  the COMMIT of SQLite                         *)
(*   BeginForce               sqlite.WalSync.sync, or SQLite's own fsync   *)
(*   EndForce, FailForce      the success or failure of that fsync         *)
(*   Acknowledge, Tell        commit.GroupCommitter, which answers the     *)
(*                            callers                                      *)
(*   Queue                    commit.GroupCommitter, for a request that    *)
(*                            waits for a claim                            *)
(*   Mend                     sqlite.WalSync.rewrite                       *)
(*   ReadDurably, Return      Store.awaitDurable                           *)
(*   Checkpoint, Copy         sqlite.CheckpointSession.move, by SQLite     *)
(*   ForceFile, Restart       SQLite                                       *)
(* Actions of the environment: Die and Start (of a process), LosePower.    *)
(* LosePower kills all processes and leaves any prefix of the log that     *)
(* includes its synced part.                                               *)
(*                                                                         *)
(* The properties checked:                                                 *)
(*   durability  AcknowledgedCommitsSurvive, DurableReadsSurvive,          *)
(*               PrefixDurability, VisibleCommitsSurviveProcessDeath       *)
(*   commits     OneWinner, NoGuessedOutcome                               *)
(*   liveness    EveryCommitCompletes                                      *)
(*                                                                         *)
(* Left out, and assumed: SQLite syncs the header of a restarted log       *)
(* before it writes to it. Checksums end a recovered log at the first      *)
(* incomplete frame. A process does not die between the failure of an      *)
(* fsync and setting the mark. Data that the operating system dropped is   *)
(* still readable from its cache. Claims, keys and values are left out     *)
(* too.                                                                    *)
(***************************************************************************)
EXTENDS Naturals, Sequences, FiniteSets, TLC

CONSTANTS
    Processes,
    MaxCommits,   \* bound: commits in the log
    Unreliable,   \* bound: the processes whose fsyncs may fail
    Readers,      \* bound: the processes that read durably
    Copiers,      \* bound: the processes that checkpoint
    Nobody,
    NoEntry

VARIABLES
    log,          \* the published commits: the process, and the number of commits on which each is based
    behind,       \* a commit that is written but not published; or NoEntry
    durable,      \* the number of commits that are certainly on the disk
    base,         \* the number of commits in the database file when the log was last restarted: its salt
    copied,       \* the number of commits that were copied into the database file
    fileForced,   \* the number of those that are synced
    dropped,      \* whether a later fsync may succeed without data that an earlier one failed to write
    owed,         \* the processes that are yet to be notified of a failed fsync
    mark,         \* whether an fsync failed and the log was not rewritten since
    lock,         \* the holder of the write lock
    proc,         \* per process, its state
    acknowledged, \* the newest commit that was acknowledged
    returned,     \* the newest commit that a durable read returned
    torn          \* whether a loss of power left a commit without an earlier one

store == <<log, behind, durable, base, copied, fileForced, dropped>>
promises == <<acknowledged, returned>>
vars == <<store, owed, mark, lock, proc, promises, torn>>

(***************************************************************************)
(* Derived state                                                           *)
(***************************************************************************)
Published == Len(log)
Max(a, b) == IF a > b THEN a ELSE b
Min(a, b) == IF a < b THEN a ELSE b

\* A position in the log file: the restart (salt) and the number of frames.
At(commits) == [salt |-> base, frames |-> commits - base]
NoPlace == [salt |-> 0, frames |-> 0]
CommitsUpTo(place) == place.salt + place.frames

Forcing(p) == proc[p].force # NoPlace
Is(p, doing) == proc[p].doing = doing
Living == {p \in Processes : ~Is(p, "dead")}
Idle(p) == proc[p].doing \in {"idle", "acknowledged", "unknown", "not applied"}

(***************************************************************************)
(* Rules                                                                   *)
(***************************************************************************)

\* One process at a time validates and writes.
LockGuard == lock = Nobody

\* The lock is released only after the commit is visible to the next holder.
ReleaseGuard(p) == Is(p, "published")

\* An fsync covers the frames that were in the log when it began. If the log was restarted since, it covers no
\* later frame.
CoverGuard(forced, need) ==
    forced.salt > need.salt \/ (forced.salt = need.salt /\ forced.frames >= need.frames)

Covered(p) == CoverGuard(proc[p].forced, proc[p].need)

\* A commit is acknowledged only after it is synced.
AcknowledgeGuard(p) == Covered(p)

\* A durable read returns only after an fsync that began after its read.
DurableReadGuard(p) == Covered(p)

\* Only synced frames are copied into the database file.
CopyGuard(p) == Covered(p)

\* The log is restarted only after all of it is in the database file, and synced there.
RestartGuard == fileForced = Published

\* No operation begins that depends on an fsync of a log with a failed fsync.
MarkGuard(purpose) == ~mark

(***************************************************************************)
(* Effects                                                                 *)
(***************************************************************************)

\* An answer that depends on commits of others requires that those are synced, even if it writes nothing.
NeedToConfirm == At(Published)

\* A process that had the log open when an fsync failed is notified at its own next fsync.
Told(p) == Living \ {p}

\* A rewrite makes the operating system write all bytes of the log again, and syncs them.
DroppedAfterMending == FALSE

\* The notice is given once. So a failure that one thread of a process sees also fails the commit of another thread.
HeardWithin == "failed"

\* After a failed fsync, the outcome of the commit is unknown.
AnswerAfterFailure == "unknown"

\* The death of a process loses nothing: the operating system keeps the written data.
LogAfterDeath == log

Resting == [doing |-> "idle", on |-> 0, rests |-> 0, need |-> NoPlace, force |-> NoPlace, forced |-> NoPlace]
Dead == [Resting EXCEPT !.doing = "dead"]

Becomes(p, doing) == proc' = [proc EXCEPT ![p].doing = doing]

(***************************************************************************)
(* Committing                                                              *)
(***************************************************************************)
Begin(p) ==
    /\ Idle(p) /\ LockGuard /\ Published < MaxCommits
    /\ lock' = p
    /\ proc' = [proc EXCEPT ![p] =
           [Resting EXCEPT !.doing = IF MarkGuard("commit") THEN "judging" ELSE "mending", !.on = Published]]
    /\ UNCHANGED <<store, owed, mark, promises, torn>>

\* A descriptor with a pending notice fails the first attempt.
Mend(p) ==
    /\ Is(p, "mending")
    /\ owed' = owed \ {p}
    /\ IF p \in owed
       THEN UNCHANGED <<store, mark, proc>>
       ELSE /\ dropped' = DroppedAfterMending
            /\ durable' = IF DroppedAfterMending THEN durable ELSE Published
            /\ mark' = FALSE
            /\ Becomes(p, "judging")
            /\ UNCHANGED <<log, behind, base, copied, fileForced>>
    /\ UNCHANGED <<lock, promises, torn>>

Confirm(p) ==
    /\ Is(p, "judging") /\ Published > 0
    /\ lock' = Nobody
    /\ proc' = [proc EXCEPT ![p].doing = "released", ![p].rests = Published, ![p].need = NeedToConfirm]
    /\ UNCHANGED <<store, owed, mark, promises, torn>>

Restart(p) ==
    /\ Is(p, "judging") /\ RestartGuard
    /\ base < Published /\ copied = Published
    /\ base' = Published /\ durable' = Published
    /\ behind' = NoEntry /\ dropped' = FALSE
    /\ UNCHANGED <<log, copied, fileForced, owed, mark, lock, proc, promises, torn>>

\* An unpublished commit of a dead process is overwritten.
Write(p) ==
    /\ Is(p, "judging")
    /\ behind' = [by |-> p, on |-> proc[p].on]
    /\ durable' = Min(durable, Published)
    /\ proc' = [proc EXCEPT ![p].doing = "written", ![p].rests = Published + 1, ![p].need = At(Published + 1)]
    /\ UNCHANGED <<log, base, copied, fileForced, dropped, owed, mark, lock, promises, torn>>

Publish(p) ==
    /\ Is(p, "written")
    /\ log' = Append(log, [by |-> p, on |-> proc[p].on])
    /\ behind' = NoEntry
    /\ Becomes(p, "published")
    /\ UNCHANGED <<durable, base, copied, fileForced, dropped, owed, mark, lock, promises, torn>>

Release(p) ==
    /\ lock = p /\ ReleaseGuard(p)
    /\ lock' = Nobody
    /\ IF Is(p, "published") THEN Becomes(p, "released") ELSE UNCHANGED proc
    /\ UNCHANGED <<store, owed, mark, promises, torn>>

Acknowledge(p) ==
    /\ Is(p, "released") /\ AcknowledgeGuard(p)
    /\ acknowledged' = Max(acknowledged, proc[p].rests)
    /\ proc' = [proc EXCEPT ![p] = [Resting EXCEPT !.doing = "acknowledged"]]
    /\ UNCHANGED <<store, owed, mark, lock, returned, torn>>

\* A request for a claim promises nothing that a loss of power could break, since its process dies with the power. So it
\* waits for no fsync, and is not acknowledged as a commit.
Queue(p) ==
    /\ Is(p, "released") /\ proc[p].rests > proc[p].on
    /\ proc' = [proc EXCEPT ![p] = Resting]
    /\ UNCHANGED <<store, owed, mark, lock, promises, torn>>

Tell(p) ==
    /\ Is(p, "failed")
    /\ acknowledged' = IF AnswerAfterFailure = "acknowledged" THEN Max(acknowledged, proc[p].rests) ELSE acknowledged
    /\ proc' = [proc EXCEPT ![p].doing = AnswerAfterFailure]
    /\ UNCHANGED <<store, owed, mark, lock, returned, torn>>

(* Syncing the log *********************************************************)
Relying(p) == proc[p].doing \in {"written", "published", "released", "reading", "checkpointing"}

BeginForce(p) ==
    /\ ~Forcing(p)
    /\ \/ Is(p, "judging") /\ Published > 0 /\ proc[p].forced = NoPlace
       \/ Relying(p) /\ ~Covered(p)
    /\ proc' = [proc EXCEPT ![p].force = At(IF Is(p, "written") THEN Published + 1 ELSE Published)]
    /\ UNCHANGED <<store, owed, mark, lock, promises, torn>>

EndForce(p) ==
    /\ Forcing(p) /\ p \notin owed
    /\ durable' = IF dropped THEN durable ELSE Max(durable, CommitsUpTo(proc[p].force))
    /\ proc' = [proc EXCEPT ![p].forced = proc[p].force, ![p].force = NoPlace]
    /\ UNCHANGED <<log, behind, base, copied, fileForced, dropped, owed, mark, lock, promises, torn>>

\* A commit whose fsync fails inside the lock is not published, and the next one overwrites it.
FailForce(p) ==
    /\ Forcing(p)
    /\ \/ p \in owed /\ owed' = owed \ {p} /\ UNCHANGED dropped
       \/ /\ p \in Unreliable \ owed
          /\ owed' = Told(p)
          /\ dropped' \in {dropped, durable < Published}
    /\ mark' = TRUE
    /\ lock' = IF lock = p /\ ~(Is(p, "judging") /\ HeardWithin = "judging") THEN Nobody ELSE lock
    /\ proc' = [proc EXCEPT ![p] =
           IF Is(p, "judging") THEN [proc[p] EXCEPT !.doing = HeardWithin, !.force = NoPlace]
           ELSE IF proc[p].doing \in {"reading", "checkpointing"} THEN Resting
           ELSE [Resting EXCEPT !.doing = "failed", !.rests = proc[p].rests]]
    /\ UNCHANGED <<log, behind, durable, base, copied, fileForced, promises, torn>>

(* Durable reads ***********************************************************)
ReadDurably(p) ==
    /\ p \in Readers /\ Idle(p) /\ Published > 0
    /\ MarkGuard("read")
    /\ proc' = [proc EXCEPT ![p] = [Resting EXCEPT !.doing = "reading", !.rests = Published, !.need = At(Published)]]
    /\ UNCHANGED <<store, owed, mark, lock, promises, torn>>

Return(p) ==
    /\ Is(p, "reading") /\ DurableReadGuard(p)
    /\ returned' = Max(returned, proc[p].rests)
    /\ proc' = [proc EXCEPT ![p] = Resting]
    /\ UNCHANGED <<store, owed, mark, lock, acknowledged, torn>>

(* Checkpoints *************************************************************)
Checkpoint(p) ==
    /\ p \in Copiers /\ Idle(p) /\ fileForced < Published
    /\ MarkGuard("checkpoint")
    /\ \A q \in Processes : ~Is(q, "checkpointing") /\ ~Is(q, "copied")
    /\ proc' = [proc EXCEPT ![p] =
           [Resting EXCEPT !.doing = "checkpointing", !.rests = Published, !.need = At(Published)]]
    /\ UNCHANGED <<store, owed, mark, lock, promises, torn>>

Copy(p) ==
    /\ Is(p, "checkpointing") /\ CopyGuard(p)
    /\ copied' = Max(copied, proc[p].rests)
    /\ proc' = [proc EXCEPT ![p] = [Resting EXCEPT !.doing = "copied"]]
    /\ UNCHANGED <<log, behind, durable, base, fileForced, dropped, owed, mark, lock, promises, torn>>

ForceFile(p) ==
    /\ Is(p, "copied")
    /\ fileForced' = copied
    /\ proc' = [proc EXCEPT ![p] = Resting]
    /\ UNCHANGED <<log, behind, durable, base, copied, dropped, owed, mark, lock, promises, torn>>

(***************************************************************************)
(* Environment                                                             *)
(***************************************************************************)
Die(p) ==
    /\ ~Is(p, "dead")
    /\ proc' = [proc EXCEPT ![p] = Dead]
    /\ lock' = IF lock = p THEN Nobody ELSE lock
    /\ owed' = owed \ {p}
    /\ log' = LogAfterDeath
    /\ UNCHANGED <<behind, durable, base, copied, fileForced, dropped, mark, promises, torn>>

\* A process that starts opens the log, and is not notified of earlier failures.
Start(p) ==
    /\ Is(p, "dead")
    /\ Becomes(p, "idle")
    /\ UNCHANGED <<store, owed, mark, lock, promises, torn>>

\* The log on the disk may end anywhere after its synced part. If the database file has a commit that the log lost, it
\* lacks the commits before it.
Recovered ==
    IF fileForced < base THEN {fileForced}
    ELSE durable .. (Published + IF behind = NoEntry THEN 0 ELSE 1)

LosePower ==
    \E commits \in Recovered :
        /\ log' = SubSeq(IF behind = NoEntry THEN log ELSE Append(log, behind), 1, commits)
        /\ torn' = (torn \/ (fileForced >= base /\ commits < copied))
        /\ durable' = commits
        /\ base' = Min(base, commits) /\ copied' = base' /\ fileForced' = base'
        /\ behind' = NoEntry /\ dropped' = FALSE
        /\ owed' = {} /\ mark' = FALSE
        /\ lock' = Nobody
        /\ proc' = [p \in Processes |-> Dead]
        /\ UNCHANGED promises

(***************************************************************************)
(* Specification                                                           *)
(***************************************************************************)
Init ==
    /\ log = <<>> /\ behind = NoEntry /\ durable = 0 /\ base = 0 /\ copied = 0 /\ fileForced = 0
    /\ dropped = FALSE /\ owed = {} /\ mark = FALSE
    /\ lock = Nobody /\ proc = [p \in Processes |-> Resting]
    /\ acknowledged = 0 /\ returned = 0 /\ torn = FALSE

Next ==
    \/ \E p \in Processes : Begin(p)
    \/ \E p \in Processes : Mend(p)
    \/ \E p \in Processes : Confirm(p)
    \/ \E p \in Processes : Restart(p)
    \/ \E p \in Processes : Write(p)
    \/ \E p \in Processes : Publish(p)
    \/ \E p \in Processes : Release(p)
    \/ \E p \in Processes : Acknowledge(p)
    \/ \E p \in Processes : Queue(p)
    \/ \E p \in Processes : Tell(p)
    \/ \E p \in Processes : BeginForce(p)
    \/ \E p \in Processes : EndForce(p)
    \/ \E p \in Processes : FailForce(p)
    \/ \E p \in Processes : ReadDurably(p)
    \/ \E p \in Processes : Return(p)
    \/ \E p \in Processes : Checkpoint(p)
    \/ \E p \in Processes : Copy(p)
    \/ \E p \in Processes : ForceFile(p)
    \/ \E p \in Processes : Die(p)
    \/ \E p \in Processes : Start(p)
    \/ LosePower

\* A committer that keeps running takes its steps and answers. Its fsyncs end, in success or failure.
CommitFairness == \A p \in Processes : WF_vars(Mend(p) \/ Write(p) \/ Publish(p) \/ Release(p))
ForceFairness == \A p \in Processes : WF_vars(BeginForce(p) \/ EndForce(p) \/ FailForce(p))
AnswerFairness == \A p \in Processes : WF_vars(Acknowledge(p) \/ Tell(p))

Safety == Init /\ [][Next]_vars
Spec == Safety /\ CommitFairness /\ ForceFairness /\ AnswerFairness

Symmetry == Permutations(Processes)

(***************************************************************************)
(* Properties                                                              *)
(***************************************************************************)
TypeOK ==
    /\ \A i \in DOMAIN log : log[i] \in [by : Processes, on : 0 .. MaxCommits]
    /\ {durable, base, copied, fileForced, acknowledged, returned} \subseteq 0 .. MaxCommits
    /\ owed \subseteq Living
    /\ lock \in Living \cup {Nobody}

\* An acknowledged commit survives, and so do the commits on which an acknowledgement without a write depends.
AcknowledgedCommitsSurvive == acknowledged <= Published

\* Every commit that a durable read returned survives.
DurableReadsSurvive == returned <= Published

\* The surviving commits are a prefix: none of them depends on a lost one.
PrefixDurability == ~torn

\* Each commit is based on the one before it.
OneWinner == \A i \in DOMAIN log : log[i].on = i - 1

\* A commit that is reported as not applied is not in the log later.
NoGuessedOutcome ==
    \A p \in Processes : Is(p, "not applied") => ~\E i \in DOMAIN log : i = proc[p].rests /\ log[i].by = p

\* A published commit vanishes only by a loss of power, not by the death of a process.
VisibleCommitsSurviveProcessDeath == [][LosePower \/ (Published <= Len(log') /\ SubSeq(log', 1, Published) = log)]_vars

\* A committer that keeps running eventually gets an outcome.
Committing(p) == proc[p].doing \in {"mending", "judging", "written", "published", "released", "failed"}
EveryCommitCompletes == \A p \in Processes : Committing(p) ~> ~Committing(p)

=============================================================================
