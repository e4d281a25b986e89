---------------------------- MODULE Transactions ----------------------------
(***************************************************************************)
(* Transactions with snapshot reads and optimistic validation. A           *)
(* transaction reads without locks as of one sequence number and buffers   *)
(* its writes. Its commit is validated: nothing that it read may have      *)
(* changed since.                                                          *)
(*                                                                         *)
(* The store is modelled as the sequence of its commits. The index of a    *)
(* commit is its sequence number. The version of a key as of a sequence    *)
(* number is the number of commits up to it that wrote the key. Values are *)
(* left out, since the versions that each transaction read determine all   *)
(* conflicts.                                                              *)
(*                                                                         *)
(* A transaction chooses its writes when it commits, since they are        *)
(* invisible before. Claims appear only as a refusal at any time, because  *)
(* of a claim of another agent; the function then runs again.              *)
(*                                                                         *)
(* The actions in the code (package dev.fencepost.internal):               *)
(*   Read     commit.BufferedTransaction, get of a key; the first read of  *)
(*            any kind fixes the snapshot                                  *)
(*   List     commit.BufferedTransaction, listing of a prefix              *)
(*   Commit   commit.Committer.transact, validated by                      *)
(*            commit.CommitValidator; run again by commit.RetryLoop        *)
(*   Refused  commit.CommitValidator, because of a claim of another agent  *)
(*   Resolve  commit.GroupCommitter, which looks up the commit ID of an    *)
(*            unknown outcome                                              *)
(* Actions of the environment: Lost (the outcome of a commit is unknown),  *)
(* Die (a process dies), Recover. In Recover all processes die. The next   *)
(* one that opens the file finds the commit behind the last one.           *)
(*                                                                         *)
(* The properties checked:                                                 *)
(*   isolation  Serializable, StrictlySerializable                         *)
(*   atomicity  Atomicity, AcknowledgedCommitsSurvive                      *)
(*   liveness   EveryTransactionEnds                                       *)
(*                                                                         *)
(* Left out: fences and claims (FencedCommit); reads of a transaction's    *)
(* own buffered writes, which do not read the store; the deletion of an    *)
(* absent key, which changes nothing; reads of pruned versions             *)
(* (Retention).                                                            *)
(***************************************************************************)
EXTENDS Naturals, Sequences, FiniteSets, TLC

CONSTANTS
    Transactions,
    Keys,
    Prefixes,     \* sets of keys; a listing shows the present keys of one set
    Deletable,    \* bound: the keys that may be deleted
    Unlucky,      \* bound: the transactions whose answer or process may be lost
    MaxTries,     \* bound: runs of a function before its transaction gives up
    NoSnapshot,
    NoEntry

VARIABLES
    log,          \* the commits in the file, in order
    behind,       \* a failed commit that is complete in the log, behind the last commit; or NoEntry
    txn           \* per transaction, its state in the memory of its process

vars == <<log, behind, txn>>

(***************************************************************************)
(* Derived state                                                           *)
(***************************************************************************)
Latest == Len(log)
WrittenBy(writes) == writes.puts \cup writes.deletes
WritersOf(k, from, to) == {i \in from .. to : k \in WrittenBy(log[i])}
VersionAt(k, sequence) == Cardinality(WritersOf(k, 1, sequence))
PresentAt(k, sequence) ==
    \E i \in WritersOf(k, 1, sequence) : k \in log[i].puts /\ WritersOf(k, i + 1, sequence) = {}
ChangedSince(k, sequence) == WritersOf(k, sequence + 1, Latest) # {}

CommittedAs(t) == {i \in 1 .. Latest : log[i].by = t}

Nothing == [puts |-> {}, deletes |-> {}]

\* The deletion of an absent key changes nothing and is left out.
WriteSets ==
    {w \in [puts : SUBSET Keys, deletes : SUBSET {k \in Deletable : PresentAt(k, Latest)}] : w.puts \cap w.deletes = {}}

(***************************************************************************)
(* Rules                                                                   *)
(***************************************************************************)

\* No key that was read, present or absent, was written since the snapshot.
ReadGuard(t, writes) == \A k \in txn[t].reads : ~ChangedSince(k, txn[t].snapshot)

\* No key under a listed prefix was written since the snapshot, even a key that the listing did not show.
PrefixGuard(t, writes) == \A keys \in txn[t].lists : \A k \in keys : ~ChangedSince(k, txn[t].snapshot)

\* The function may run again.
TriesGuard(t) == txn[t].tries < MaxTries

\* An unknown outcome is resolved only by looking up the ID of the commit.
CommitIdGuard(t) == CommittedAs(t) # {}

(***************************************************************************)
(* Effects                                                                 *)
(***************************************************************************)

\* The first read fixes the snapshot at the latest commit. All reads are as of the snapshot.
SnapshotFor(t) == IF txn[t].snapshot = NoSnapshot THEN Latest ELSE txn[t].snapshot
ReadsAsOf(t) == SnapshotFor(t)
Seen(t, keys) == {<<k, VersionAt(k, ReadsAsOf(t))>> : k \in keys}

\* The lookup of a commit ID is itself a commit, which overwrites a commit behind the last one. Otherwise the answer
\* 'not found' could become wrong.
BehindAfterLooking == NoEntry

Entry(t, writes) == [by |-> t, puts |-> writes.puts, deletes |-> writes.deletes]

Start(tries) ==
    [state |-> "running", after |-> {}, snapshot |-> NoSnapshot, reads |-> {}, lists |-> {}, saw |-> {},
     asked |-> Nothing, tries |-> tries]

\* A transaction is modelled to begin with its first action in the store. Its call began earlier, so this requires more
\* of the real-time order than the API does.
Committed(t) == txn[t].state = "committed"
AfterFor(t) == IF txn[t].snapshot = NoSnapshot THEN {u \in Transactions : Committed(u)} ELSE txn[t].after

\* Attempts beyond the last are not counted, so a mutant without the bound has finitely many states.
Again(t) ==
    txn' = [txn EXCEPT ![t] =
        IF TriesGuard(t) THEN Start(IF txn[t].tries < MaxTries THEN txn[t].tries + 1 ELSE MaxTries)
        ELSE [Start(MaxTries) EXCEPT !.state = "exhausted"]]

(***************************************************************************)
(* Actions                                                                 *)
(***************************************************************************)
Running(t) == txn[t].state = "running"

Read(t, k) ==
    /\ Running(t)
    /\ k \notin txn[t].reads
    /\ txn' = [txn EXCEPT ![t].snapshot = SnapshotFor(t),
                          ![t].after = AfterFor(t),
                          ![t].reads = @ \cup {k},
                          ![t].saw = @ \cup Seen(t, {k})]
    /\ UNCHANGED <<log, behind>>

List(t, prefix) ==
    /\ Running(t)
    /\ prefix \notin txn[t].lists
    /\ txn' = [txn EXCEPT ![t].snapshot = SnapshotFor(t),
                          ![t].after = AfterFor(t),
                          ![t].lists = @ \cup {prefix},
                          ![t].saw = @ \cup Seen(t, prefix)]
    /\ UNCHANGED <<log, behind>>

Valid(t, writes) == ReadGuard(t, writes) /\ PrefixGuard(t, writes)

\* An appended commit overwrites the one behind the last.
Appended(entry) == log' = Append(log, entry) /\ behind' = NoEntry

\* A read-only transaction needs no validation: it takes place at its snapshot.
Commit(t, writes) ==
    /\ Running(t)
    /\ IF writes = Nothing \/ Valid(t, writes)
       THEN /\ IF writes = Nothing THEN UNCHANGED <<log, behind>> ELSE Appended(Entry(t, writes))
            /\ txn' = [txn EXCEPT ![t].state = "committed", ![t].after = AfterFor(t), ![t].asked = writes]
       ELSE UNCHANGED <<log, behind>> /\ Again(t)

\* A write or fsync fails in the commit. The commit is in the file, or not, or it is behind the last commit, invisible
\* until the file is recovered.
Lost(t, writes) ==
    /\ t \in Unlucky
    /\ Running(t)
    /\ writes # Nothing /\ Valid(t, writes)
    /\ \/ Appended(Entry(t, writes))
       \/ UNCHANGED log /\ behind' \in {NoEntry, Entry(t, writes)}
    /\ txn' = [txn EXCEPT ![t].state = "unknown", ![t].after = AfterFor(t), ![t].asked = writes]

Resolve(t) ==
    /\ txn[t].state = "unknown"
    /\ IF CommitIdGuard(t) THEN txn' = [txn EXCEPT ![t].state = "committed"] ELSE Again(t)
    /\ behind' = BehindAfterLooking
    /\ UNCHANGED log

Refused(t) ==
    /\ Running(t)
    /\ Again(t)
    /\ UNCHANGED <<log, behind>>

Die(t) ==
    /\ t \in Unlucky
    /\ txn[t].state \in {"running", "unknown"}
    /\ txn' = [txn EXCEPT ![t].state = "dead"]
    /\ UNCHANGED <<log, behind>>

Recover ==
    /\ behind # NoEntry
    /\ Appended(behind)
    /\ txn' = [t \in Transactions |->
           IF txn[t].state \in {"running", "unknown"} THEN [txn[t] EXCEPT !.state = "dead"] ELSE txn[t]]

(***************************************************************************)
(* Specification                                                           *)
(***************************************************************************)
Init ==
    /\ log = <<>>
    /\ behind = NoEntry
    /\ txn = [t \in Transactions |-> Start(1)]

Next ==
    \/ \E t \in Transactions, k \in Keys : Read(t, k)
    \/ \E t \in Transactions, prefix \in Prefixes : List(t, prefix)
    \/ \E t \in Transactions, writes \in WriteSets : Commit(t, writes)
    \/ \E t \in Transactions, writes \in WriteSets : Lost(t, writes)
    \/ \E t \in Transactions : Resolve(t)
    \/ \E t \in Transactions : Refused(t)
    \/ \E t \in Transactions : Die(t)
    \/ Recover

\* A function ends, if only in a refusal. A process looks up an unknown outcome.
CommitFairness == \A t \in Transactions : WF_vars(Refused(t) \/ \E writes \in WriteSets : Commit(t, writes))
ResolveFairness == \A t \in Transactions : WF_vars(Resolve(t))

Safety == Init /\ [][Next]_vars
Spec == Safety /\ CommitFairness /\ ResolveFairness

\* The smallest prefix that can show a phantom holds all keys.
OnePrefix == {Keys}

Symmetry == Permutations(Transactions) \cup Permutations(Keys)

(***************************************************************************)
(* Properties                                                              *)
(***************************************************************************)
TypeOK ==
    /\ \A i \in 1 .. Latest : log[i].by \in Transactions
    /\ \A t \in Transactions :
        /\ txn[t].state \in {"running", "unknown", "committed", "exhausted", "dead"}
        /\ txn[t].snapshot \in 0 .. Latest \cup {NoSnapshot}
        /\ txn[t].tries \in 1 .. MaxTries

\* The transactions that count: those in the file, acknowledged or not, and acknowledged readers.
Effective == {t \in Transactions : Committed(t) \/ CommittedAs(t) # {}}
Made(t) == {<<k, VersionAt(k, i)>> : k \in Keys, i \in CommittedAs(t)}
          \cap UNION {{<<k, VersionAt(k, i)>> : k \in WrittenBy(log[i])} : i \in CommittedAs(t)}

\* u depends on t: u overwrote what t wrote, read what t wrote, or overwrote what t read.
DependsOn(u, t) ==
    \/ \E made \in Made(t), later \in Made(u) : made[1] = later[1] /\ made[2] < later[2]
    \/ Made(t) \cap txn[u].saw # {}
    \/ \E seen \in txn[t].saw, later \in Made(u) : seen[1] = later[1] /\ seen[2] < later[2]

\* A graph has no cycle if every set of its nodes has a node without a predecessor in the set.
Acyclic(nodes, Before(_, _)) ==
    \A some \in SUBSET nodes : some # {} => \E u \in some : \A t \in some \ {u} : ~Before(t, u)

Serializable == Acyclic(Effective, LAMBDA t, u : DependsOn(u, t))

\* The serial order also respects real time: a transaction that began after the acknowledgement of another follows it.
StrictlySerializable == Acyclic(Effective, LAMBDA t, u : DependsOn(u, t) \/ t \in txn[u].after)

\* Each transaction is in the file at most once, with all its writes. A transaction that gave up is not in the file.
Atomicity ==
    \A t \in Transactions :
        /\ Cardinality(CommittedAs(t)) <= 1
        /\ \A i \in CommittedAs(t) : log[i].puts = txn[t].asked.puts /\ log[i].deletes = txn[t].asked.deletes
        /\ txn[t].state \in {"running", "exhausted"} => CommittedAs(t) = {}

AcknowledgedCommitsSurvive ==
    \A t \in Transactions : Committed(t) /\ txn[t].asked # Nothing => CommittedAs(t) # {}

\* Every transaction eventually commits, gives up, or dies with its process.
EveryTransactionEnds ==
    \A t \in Transactions :
        txn[t].state \in {"running", "unknown"} ~> txn[t].state \in {"committed", "exhausted", "dead"}

=============================================================================
