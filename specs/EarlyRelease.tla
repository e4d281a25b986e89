---------------------------- MODULE EarlyRelease ----------------------------
(***************************************************************************)
(* Early lock release: a commit gives the write lock to the next before    *)
(* the disk has answered, and is acknowledged when the disk has. (DeWitt   *)
(* et al., SIGMOD 1984; Johnson et al., 'Aether', VLDB 2010.)              *)
(*                                                                         *)
(* The visibility rule. A commit is visible to all as soon as it is        *)
(* published, and a loss of power may take it back until the disk has it.  *)
(* An ordinary read, a refusal and a transaction that only reads may show  *)
(* or rest on such a commit. Whatever is acknowledged, and whatever a      *)
(* durable read returned, is on the disk with all that came before it. A   *)
(* process that dies between publishing and forcing leaves a commit that   *)
(* is visible, not acknowledged, and perhaps not durable.                  *)
(*                                                                         *)
(* The log is the sequence of all commits. The file of the log holds those *)
(* since its last restart, the database file those before. A force covers  *)
(* what was written before it began. Forces may begin and end at any time, *)
(* in or outside the lock: a commit that is forced inside the lock is the  *)
(* behaviour in which the force ends before the commit is published.       *)
(*                                                                         *)
(* When a force fails, the operating system may drop what it could not     *)
(* write, and a later force then succeeds without it. SQLite never builds  *)
(* on a commit whose force failed inside the lock; on one that was         *)
(* published before, others may have built already. What keeps them from   *)
(* an acknowledgement: the failure is told once to every process that had  *)
(* the log open; for those who open it later there is a mark in memory     *)
(* that outlives processes. Whoever takes the write lock and finds the     *)
(* mark mends the log first: it writes the log's bytes once more in place, *)
(* which makes them the operating system's to write again, and forces      *)
(* them.                                                                   *)
(*                                                                         *)
(* The actions in the code (package dev.fencepost.internal):               *)
(*   Begin         sql.WriteSession, with the write lock of SQLite         *)
(*   Confirm       commit.GroupCommitter, a batch that finds all it asks for*)
(*                 done, and writes nothing                                *)
(*   Write, Publish, Release   the COMMIT of SQLite                        *)
(*   BeginForce, EndForce, FailForce   sql.WalSync, or SQLite's own        *)
(*   Acknowledge, Tell   commit.GroupCommitter, answering                  *)
(*   Mend          sql.WalSync                                             *)
(*   ReadDurably, Return   Store.awaitDurable                              *)
(*   Checkpoint, Copy, ForceFile, Restart   SQLite                         *)
(* Hidden: Die and Start (a process), LosePower (all processes die, and of *)
(* the log any prefix survives that the disk was not sure of).             *)
(*                                                                         *)
(* Assumed: SQLite forces the header of a restarted log before it writes   *)
(* to it; checksums end a recovered log at the first frame that is not     *)
(* whole; a process does not die between being told that a force failed    *)
(* and setting the mark; and what the operating system dropped can still   *)
(* be read from its memory.                                                *)
(***************************************************************************)
EXTENDS Naturals, Sequences, FiniteSets, TLC

CONSTANTS
    Processes,
    MaxCommits,   \* bound: commits in the log
    Unreliable,   \* bound: the processes whose forces may fail
    Readers,      \* bound: the processes that read durably
    Copiers,      \* bound: the processes that move the log into the database file
    Nobody,
    NoEntry

VARIABLES
    log,          \* the published commits: by whom, and on which number of commits they are based
    behind,       \* a commit that is written and not published; or NoEntry
    durable,      \* how many commits the disk has for certain
    base,         \* how many commits were in the database file when the log was last restarted: its salt
    copied,       \* how many commits were copied into the database file
    fileForced,   \* how many of these the disk has
    dropped,      \* whether a later force may leave out what an earlier one failed to write
    owed,         \* the processes that have yet to be told that a force failed
    mark,         \* whether a force failed and the log has not been mended since
    lock,         \* who has the write lock
    proc,         \* per process, what it does and knows
    acknowledged, \* the commits up to which something was acknowledged
    returned,     \* the commits up to which something was returned by a durable read
    torn          \* whether a loss of power left later changes without earlier ones

store == <<log, behind, durable, base, copied, fileForced, dropped>>
promises == <<acknowledged, returned>>
vars == <<store, owed, mark, lock, proc, promises, torn>>

(***************************************************************************)
(* What the state says                                                     *)
(***************************************************************************)
Published == Len(log)
Max(a, b) == IF a > b THEN a ELSE b
Min(a, b) == IF a < b THEN a ELSE b

\* A place in the log, as the log's own file knows it: which restart, and how far.
At(commits) == [salt |-> base, frames |-> commits - base]
NoPlace == [salt |-> 0, frames |-> 0]
CommitsUpTo(place) == place.salt + place.frames

Forcing(p) == proc[p].force # NoPlace
Is(p, doing) == proc[p].doing = doing
Living == {p \in Processes : ~Is(p, "dead")}
Idle(p) == proc[p].doing \in {"idle", "acknowledged", "unknown", "not applied"}

(***************************************************************************)
(* The rules                                                               *)
(***************************************************************************)

\* One at a time judges and writes.
LockGuard == lock = Nobody

\* The lock is given back only when the next can see what was written.
ReleaseGuard(p) == Is(p, "published")

\* A force counts for what was in the log when it began; one of the log since restarted for nothing later.
CoverGuard(forced, need) ==
    forced.salt > need.salt \/ (forced.salt = need.salt /\ forced.frames >= need.frames)

Covered(p) == CoverGuard(proc[p].forced, proc[p].need)

\* What is acknowledged was forced.
AcknowledgeGuard(p) == Covered(p)

\* What a durable read returns was forced after it was read.
DurableReadGuard(p) == Covered(p)

\* Only what the disk has in the log is copied into the database file.
CopyGuard(p) == Covered(p)

\* The log begins anew when all of it is in the database file, on the disk.
RestartGuard == fileForced = Published

\* Nobody begins anything that will rely on a force of a log of which a force failed.
MarkGuard(purpose) == ~mark

(***************************************************************************)
(* The effects                                                             *)
(***************************************************************************)

\* An answer that rests on what others wrote needs the disk to have it, though nothing is to be written.
NeedToConfirm == At(Published)

\* Whoever had the log open when a force failed is told at its own next force.
Told(p) == Living \ {p}

\* Mending makes all bytes of the log the operating system's to write again, and forces them.
DroppedAfterMending == FALSE

\* It is told once: what one thread of a process hears ends what the others rely on, forced or not.
HeardWithin == "failed"

\* A force that failed says nothing, neither that the commit will survive nor that it will not.
AnswerAfterFailure == "unknown"

\* A process that dies takes nothing with it; the operating system keeps what was written.
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

\* A descriptor that has yet to tell of a failure fails the first attempt.
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

\* What a dead process left behind the last commit is written over.
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

Tell(p) ==
    /\ Is(p, "failed")
    /\ acknowledged' = IF AnswerAfterFailure = "acknowledged" THEN Max(acknowledged, proc[p].rests) ELSE acknowledged
    /\ proc' = [proc EXCEPT ![p].doing = AnswerAfterFailure]
    /\ UNCHANGED <<store, owed, mark, lock, returned, torn>>

(* Forcing the log *********************************************************)
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

\* A commit that fails inside the lock is not published, and the next one is written over it.
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

(* Reading durably *********************************************************)
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

(* Moving the log into the database file ***********************************)
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
(* What happens without anybody's doing                                    *)
(***************************************************************************)
Die(p) ==
    /\ ~Is(p, "dead")
    /\ proc' = [proc EXCEPT ![p] = Dead]
    /\ lock' = IF lock = p THEN Nobody ELSE lock
    /\ owed' = owed \ {p}
    /\ log' = LogAfterDeath
    /\ UNCHANGED <<behind, durable, base, copied, fileForced, dropped, mark, promises, torn>>

\* A process that starts opens the log, and is not told of what failed before.
Start(p) ==
    /\ Is(p, "dead")
    /\ Becomes(p, "idle")
    /\ UNCHANGED <<store, owed, mark, lock, promises, torn>>

\* The log on the disk may end anywhere after what is certain. What the database file has and the log has
\* not is without what came before it.
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
(* The whole                                                               *)
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

\* A committer that goes on running takes its steps, its forces end in one way or the other, and it answers.
CommitFairness == \A p \in Processes : WF_vars(Mend(p) \/ Write(p) \/ Publish(p) \/ Release(p))
ForceFairness == \A p \in Processes : WF_vars(BeginForce(p) \/ EndForce(p) \/ FailForce(p))
AnswerFairness == \A p \in Processes : WF_vars(Acknowledge(p) \/ Tell(p))

Safety == Init /\ [][Next]_vars
Spec == Safety /\ CommitFairness /\ ForceFairness /\ AnswerFairness

Symmetry == Permutations(Processes)

(***************************************************************************)
(* Laws                                                                    *)
(***************************************************************************)
TypeOK ==
    /\ \A i \in DOMAIN log : log[i] \in [by : Processes, on : 0 .. MaxCommits]
    /\ {durable, base, copied, fileForced, acknowledged, returned} \subseteq 0 .. MaxCommits
    /\ owed \subseteq Living
    /\ lock \in Living \cup {Nobody}

\* An acknowledged commit survives, and so does what an acknowledgement without a write rests on.
AcknowledgedSurvives == acknowledged <= Published

\* What a durable read returned survives.
DurableReadsSurvive == returned <= Published

\* What survives is a prefix: nothing is left that rests on what was lost.
SurvivorsAreAPrefix == ~torn

\* Each commit is based on the one before it.
OneWinner == \A i \in DOMAIN log : log[i].on = i - 1

\* Whoever is told that a commit was not applied does not find it afterwards.
UnknownIsNeverGuessed ==
    \A p \in Processes : Is(p, "not applied") => ~\E i \in DOMAIN log : i = proc[p].rests /\ log[i].by = p

\* Without a loss of power nothing that was published vanishes, whoever dies.
PublishedStays == [][LosePower \/ (Published <= Len(log') /\ SubSeq(log', 1, Published) = log)]_vars

\* Whoever commits and goes on running is told what became of it.
Committing(p) == proc[p].doing \in {"mending", "judging", "written", "published", "released", "failed"}
CommittersAreAnswered == \A p \in Processes : Committing(p) ~> ~Committing(p)

=============================================================================
