---------------------------- MODULE Transactions ----------------------------
(***************************************************************************)
(* Transactions: they read without locks as of one place in the sequence   *)
(* of commits, keep their writes to themselves, and are validated when     *)
(* they commit: nothing that they read may have changed since.             *)
(*                                                                         *)
(* The store is here the sequence of its commits; a commit's place in it   *)
(* is its sequence number, and the version of a key as of a sequence       *)
(* number is the number of commits up to there that wrote the key. Values  *)
(* are left out: who read which version says all about conflicts.          *)
(*                                                                         *)
(* A transaction chooses its writes when it commits, because nobody can    *)
(* see them before. Reading one's own buffered write reads nothing from    *)
(* the store and is left out. Fences and claims are the matter of the      *)
(* module FencedCommit; here a claim of somebody else's shows only as a    *)
(* refusal that may come at any time and makes the function run again.     *)
(*                                                                         *)
(* The actions in the code (package dev.fencepost.internal):               *)
(*   Read     commit.BufferedTransaction, get of a key; the first read of  *)
(*            any kind fixes the snapshot                                  *)
(*   List     commit.BufferedTransaction, listing of a prefix              *)
(*   Commit   commit.Committer.transact, judged by commit.CommitValidator; *)
(*            run again by commit.RetryLoop                                *)
(*   Refused  commit.CommitValidator, refusing for a claim of somebody     *)
(*            else's                                                       *)
(*   Resolve  commit.GroupCommitter, asking after the commit id when the   *)
(*            outcome is unknown                                           *)
(* Hidden: Lost (the outcome of a commit is unknown), Die (a process),     *)
(* Recover (all processes die, and the next one to open the file finds     *)
(* what lay behind).                                                       *)
(***************************************************************************)
EXTENDS Naturals, Sequences, FiniteSets, TLC

CONSTANTS
    Transactions,
    Keys,
    Prefixes,     \* sets of keys; a listing shows those of them that are present
    Deletable,    \* bound: the keys that may be deleted
    Unlucky,      \* bound: the transactions that may lose an answer or their process
    MaxTries,     \* bound: how often a function runs before its transaction gives up
    NoSnapshot,
    NoEntry

VARIABLES
    log,          \* the commits in the file, in the order of their sequence
    behind,       \* a commit that failed, and yet lies whole behind the last one in the file; or NoEntry
    txn           \* per transaction, what its process knows of it

vars == <<log, behind, txn>>

(***************************************************************************)
(* What the state says                                                     *)
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

\* Deleting what is absent changes nothing and is left out.
WriteSets ==
    {w \in [puts : SUBSET Keys, deletes : SUBSET {k \in Deletable : PresentAt(k, Latest)}] : w.puts \cap w.deletes = {}}

(***************************************************************************)
(* The rules                                                               *)
(***************************************************************************)

\* No key that was read, present or absent, was written since.
ReadGuard(t, writes) == \A k \in txn[t].reads : ~ChangedSince(k, txn[t].snapshot)

\* No key under a prefix that was listed was written since, whether or not the listing showed it.
PrefixGuard(t, writes) == \A keys \in txn[t].lists : \A k \in keys : ~ChangedSince(k, txn[t].snapshot)

\* The function may run again.
TriesGuard(t) == txn[t].tries < MaxTries

\* An unknown outcome is decided by looking for the commit's id, and by nothing else.
CommitIdGuard(t) == CommittedAs(t) # {}

(***************************************************************************)
(* The effects                                                             *)
(***************************************************************************)

\* The first read fixes the snapshot at the latest commit; all reads are as of it.
SnapshotFor(t) == IF txn[t].snapshot = NoSnapshot THEN Latest ELSE txn[t].snapshot
ReadsAsOf(t) == SnapshotFor(t)
Seen(t, keys) == {<<k, VersionAt(k, ReadsAsOf(t))>> : k \in keys}

\* Looking for a commit's id is itself a commit, so that it overwrites what may lie behind. Otherwise
\* the answer 'not there' could still become wrong.
BehindAfterLooking == NoEntry

Entry(t, writes) == [by |-> t, puts |-> writes.puts, deletes |-> writes.deletes]

Start(tries) ==
    [state |-> "running", after |-> {}, snapshot |-> NoSnapshot, reads |-> {}, lists |-> {}, saw |-> {},
     asked |-> Nothing, tries |-> tries]

\* A transaction is taken to begin with the first thing it does in the store. Its call came earlier, so
\* that this asks for more of the real-time order than a caller may.
Committed(t) == txn[t].state = "committed"
AfterFor(t) == IF txn[t].snapshot = NoSnapshot THEN {u \in Transactions : Committed(u)} ELSE txn[t].after

\* The tries beyond the last are not counted, so that a mutant which forgets the bound stays finite.
Again(t) ==
    txn' = [txn EXCEPT ![t] =
        IF TriesGuard(t) THEN Start(IF txn[t].tries < MaxTries THEN txn[t].tries + 1 ELSE MaxTries)
        ELSE [Start(MaxTries) EXCEPT !.state = "exhausted"]]

(***************************************************************************)
(* The actions                                                             *)
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

\* What is appended overwrites what lies behind.
Appended(entry) == log' = Append(log, entry) /\ behind' = NoEntry

\* A transaction that wrote nothing needs no validation: it took place at its snapshot.
Commit(t, writes) ==
    /\ Running(t)
    /\ IF writes = Nothing \/ Valid(t, writes)
       THEN /\ IF writes = Nothing THEN UNCHANGED <<log, behind>> ELSE Appended(Entry(t, writes))
            /\ txn' = [txn EXCEPT ![t].state = "committed", ![t].after = AfterFor(t), ![t].asked = writes]
       ELSE UNCHANGED <<log, behind>> /\ Again(t)

\* A failed write or fsync in the commit: it landed all the same, or it did not, or it lies behind the
\* last commit, where nobody sees it until the file is recovered.
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
(* The whole                                                               *)
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

\* The function ends, if only in a refusal; and a process that does not know looks it up.
CommitFairness == \A t \in Transactions : WF_vars(Refused(t) \/ \E writes \in WriteSets : Commit(t, writes))
ResolveFairness == \A t \in Transactions : WF_vars(Resolve(t))

Safety == Init /\ [][Next]_vars
Spec == Safety /\ CommitFairness /\ ResolveFairness

\* The smallest prefix that can show a phantom holds all keys.
OnePrefix == {Keys}

Symmetry == Permutations(Transactions) \cup Permutations(Keys)

(***************************************************************************)
(* Laws                                                                    *)
(***************************************************************************)
TypeOK ==
    /\ \A i \in 1 .. Latest : log[i].by \in Transactions
    /\ \A t \in Transactions :
        /\ txn[t].state \in {"running", "unknown", "committed", "exhausted", "dead"}
        /\ txn[t].snapshot \in 0 .. Latest \cup {NoSnapshot}
        /\ txn[t].tries \in 1 .. MaxTries

\* What counts is what is in the file, acknowledged or not, and what a reader was told.
Effective == {t \in Transactions : Committed(t) \/ CommittedAs(t) # {}}
Made(t) == {<<k, VersionAt(k, i)>> : k \in Keys, i \in CommittedAs(t)}
          \cap UNION {{<<k, VersionAt(k, i)>> : k \in WrittenBy(log[i])} : i \in CommittedAs(t)}

\* u depends on t: u overwrote what t wrote, read what t wrote, or overwrote what t read.
DependsOn(u, t) ==
    \/ \E made \in Made(t), later \in Made(u) : made[1] = later[1] /\ made[2] < later[2]
    \/ Made(t) \cap txn[u].saw # {}
    \/ \E seen \in txn[t].saw, later \in Made(u) : seen[1] = later[1] /\ seen[2] < later[2]

\* A graph has no cycle when each set of its nodes has one that no other of the set comes before.
Acyclic(nodes, Before(_, _)) ==
    \A some \in SUBSET nodes : some # {} => \E u \in some : \A t \in some \ {u} : ~Before(t, u)

Serializable == Acyclic(Effective, LAMBDA t, u : DependsOn(u, t))

\* The order can be one in which whoever began after another was acknowledged comes after it.
StrictlySerializable == Acyclic(Effective, LAMBDA t, u : DependsOn(u, t) \/ t \in txn[u].after)

\* A commit is in the file once, with all its writes, or not at all; and not for a transaction that gave up.
NothingHalfDone ==
    \A t \in Transactions :
        /\ Cardinality(CommittedAs(t)) <= 1
        /\ \A i \in CommittedAs(t) : log[i].puts = txn[t].asked.puts /\ log[i].deletes = txn[t].asked.deletes
        /\ txn[t].state \in {"running", "exhausted"} => CommittedAs(t) = {}

AcknowledgedCommitsStay ==
    \A t \in Transactions : Committed(t) /\ txn[t].asked # Nothing => CommittedAs(t) # {}

\* No function runs for ever: its transaction commits, gives up, or dies with its process.
EveryTransactionEnds ==
    \A t \in Transactions :
        txn[t].state \in {"running", "unknown"} ~> txn[t].state \in {"committed", "exhausted", "dead"}

=============================================================================
