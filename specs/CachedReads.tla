---------------------------- MODULE CachedReads -----------------------------
(***************************************************************************)
(* Reads from the cache of one process, while it and other processes       *)
(* commit. A read asks for the latest version, or accepts a stale one: as  *)
(* of at least a position, of at most some age, or any cached version. A   *)
(* read of a transaction asks for the version as of exactly the position   *)
(* of its snapshot.                                                        *)
(*                                                                         *)
(* The file is modelled as the sequence of its commits, each of one key.   *)
(* The version of a key as of a position is the number of commits up to it *)
(* that wrote the key. The header in shared memory changes with every      *)
(* commit before the commit returns; here it is the number of commits. The *)
(* cache tails the log of changes up to a position. Its rows are separate: *)
(* readers that missed a row put it in, and a thread that tails the log    *)
(* updates it.                                                             *)
(*                                                                         *)
(* A hit takes no lock. It reads the watermark, compares it, and then      *)
(* reads the row. The limits to which the watermark is compared only grow, *)
(* so a late comparison serves less, never more. A miss takes the lock. It *)
(* reads the time and the header, asks the log, applies the changes, and   *)
(* sets the watermark last. A row that is still missing is loaded outside  *)
(* the lock.                                                               *)
(*                                                                         *)
(* The position of a snapshot is that of a watermark which a latest read   *)
(* may be served from. A cached version is taken if the watermark is as    *)
(* far, and the version is not newer. Otherwise the file is read.          *)
(*                                                                         *)
(* The high-water mark ('horizon') is the newest commit that the process   *)
(* has made or seen. It is also the position that is passed to other       *)
(* processes.                                                              *)
(*                                                                         *)
(* The actions in the code (package dev.fencepost.internal):               *)
(*   Ask, Serve, Pass    read.ReadCache.latest and get: a hit or a miss    *)
(*   Lock, AskLog, Note  read.ReadCache.catchUp, under the lock            *)
(*   Load, Put           read.ReadCache.loadLatest; Load is outside the    *)
(*                       lock                                              *)
(*   Serve, ReadFile     for a snapshot: read.ReadCache.cachedAsOf, and    *)
(*                       commit.BufferedTransaction, which reads the file  *)
(*   Begin, Publish      the COMMIT of commit.GroupCommitter               *)
(*   Acknowledge         commit.GroupCommitter, which then answers the     *)
(*                       caller                                            *)
(*   Follow              read.ReadCache.committed                          *)
(* The horizon is read.HighWaterMark. Actions of the environment: Other (a *)
(* commit of another process), Tick (time passes), Lose (the full cache    *)
(* evicts a row).                                                          *)
(*                                                                         *)
(* Time is a counter of ticks. A read with a maximum staleness returns a   *)
(* version that was the latest at some moment within that time.            *)
(*                                                                         *)
(* The properties checked:                                                 *)
(*   latest     ALatestReadIsLinearizable                                  *)
(*   stale      PositionReads, BoundedStaleness                            *)
(*   snapshots  SnapshotReadsAreExact                                      *)
(*   all reads  ReadYourWrites, MonotonicReads                             *)
(*   positions  PositionCoversReads                                        *)
(*                                                                         *)
(* Left out: a header that is unavailable; a file that was replaced;       *)
(* commits of several keys.                                                *)
(***************************************************************************)
EXTENDS Naturals, Sequences, FiniteSets, TLC

CONSTANTS
    Readers,       \* threads of the process
    Keys,
    Losable,       \* bound: the keys whose rows the cache may evict
    Kinds,         \* a subset of "latest", "at least" (a position), "at most" (an age), "any", "as of" (a position)
    Age,           \* the maximum age for "at most", in ticks
    MaxCommits,
    MaxTicks,
    Missing

VARIABLES
    log,           \* the commits in the file: the key that each wrote
    clock,
    until,         \* per tick, the number of commits when it began
    rows,          \* per key, the cached version, or Missing
    followed,      \* the position up to which the log was applied
    noted,         \* the watermark: a header, the position up to which the log was applied, and the time
    horizon,       \* the high-water mark: the newest commit that the process has made or seen
    reader,        \* per reader, the state of its read
    writer,        \* the state of the committing thread
    acknowledged,  \* the newest acknowledged commit of the process
    shown,         \* the newest position that a read has shown
    returned       \* the result of the last read; no action reads it, and the VIEW omits it

file == <<log, clock, until>>
cache == <<rows, followed, noted>>
known == <<horizon, acknowledged, shown>>
vars == <<file, cache, known, reader, writer, returned>>
view == <<file, cache, known, reader, writer>>

(***************************************************************************)
(* Derived state                                                           *)
(***************************************************************************)
Header == Len(log)
Max(a, b) == IF a > b THEN a ELSE b
VersionAt(k, place) == Cardinality({i \in 1 .. place : log[i] = k})
PlaceOf(k, version) ==
    IF version = 0 THEN 0 ELSE CHOOSE i \in 1 .. Header : log[i] = k /\ VersionAt(k, i) = version

At(r, step) == reader[r].step = step
Locked == \E r \in Readers : reader[r].step \in {"ask", "follow"}

(***************************************************************************)
(* Rules of hits                                                           *)
(***************************************************************************)

\* A latest read is served if there was no commit since the watermark.
LatestGuard(kind) == kind = "latest" => noted.header = Header

\* A read at a position is served if the log was applied up to that position.
PositionGuard(kind, least) == kind = "at least" => noted.place >= least

\* A read of a snapshot is served if the log was applied up to its position ...
SnapshotGuard(kind, least) == kind = "as of" => noted.place >= least

\* ... and the cached row is not newer.
ExactRowGuard(kind, least, place) == kind = "as of" => place <= least

\* A read with a maximum age is served if the watermark is not older.
AgeGuard(kind) == kind = "at most" => clock <= noted.time + Age

\* A stale read is served only if the watermark reaches everything that this process has committed or seen.
HorizonGuard(kind) == kind \notin {"latest", "as of"} => noted.place >= horizon

(***************************************************************************)
(* Rules of tailing the log                                                *)
(***************************************************************************)

\* The watermark is set after the changes are applied.
FollowedGuard(r) == At(r, "follow")

\* A loaded row is cached only if no change was applied meanwhile.
PutGuard(r) == followed = reader[r].followed

\* A commit of this process is applied without asking the log if the header shows no other commit: none since ...
NextGuard == writer.after = writer.before + 1

\* ... and none before it that was not applied.
NotedGuard == noted.header = writer.before

\* It must not have been applied already by a reader that asked the log after the commit was published.
ExactGuard == followed = noted.header

(***************************************************************************)
(* Effects                                                                 *)
(***************************************************************************)

\* A hit reads the watermark before the row.
Looks == <<"noted", "row">>
Fits(kind, least) ==
    /\ LatestGuard(kind) /\ PositionGuard(kind, least) /\ AgeGuard(kind) /\ HorizonGuard(kind)
    /\ SnapshotGuard(kind, least)

\* The watermark has the header and time of before the log was asked.
HeaderToNote(r) == reader[r].header
TimeToNote(r) == reader[r].time

\* The horizon covers a commit before it is acknowledged, and a row before it is cached or returned.
HorizonAfterCommit(place) == Max(horizon, place)
HorizonAfterAsking(place) == Max(horizon, place)
HorizonAfterLoading(place) == Max(horizon, place)

\* A cached row is replaced only by a newer version.
Newer(k, version) == rows[k] # Missing /\ rows[k] < version

Nothing == [header |-> 0, place |-> 0, time |-> 0]
Resting == [step |-> "idle", kind |-> "any", key |-> Missing, least |-> 0, mine |-> 0, seen |-> 0,
            fits |-> FALSE, kept |-> Missing, header |-> 0, time |-> 0, cut |-> 0, followed |-> 0]
Idle == [step |-> "idle", key |-> Missing, before |-> 0, place |-> 0, after |-> 0, time |-> 0]
NoAnswer == [kind |-> "any", key |-> Missing, kept |-> 0, least |-> 0, mine |-> 0, seen |-> 0]

\* A reader keeps its request, and the positions that its answer must reach.
Onward(r, step) ==
    [Resting EXCEPT !.step = step, !.kind = reader[r].kind, !.key = reader[r].key, !.least = reader[r].least,
                    !.mine = reader[r].mine, !.seen = reader[r].seen]

\* If all reads are latest reads, the horizon is not needed, and 0 keeps the model small.
OfInterest(place) == IF Kinds = {"latest"} THEN 0 ELSE place

Return(r, version) ==
    /\ reader' = [reader EXCEPT ![r] = Resting]
    /\ shown' = OfInterest(Max(Max(shown, reader[r].least), PlaceOf(reader[r].key, version)))
    /\ returned' = [kind |-> reader[r].kind, key |-> reader[r].key, kept |-> version, least |-> reader[r].least,
                    mine |-> reader[r].mine, seen |-> reader[r].seen]

Stays(r, there) ==
    /\ reader' = [reader EXCEPT ![r] = there]
    /\ UNCHANGED <<shown, returned>>

(***************************************************************************)
(* A hit                                                                   *)
(***************************************************************************)

\* A position that the answer must reach. A requested position is one that the file had.
LeastOf(kind) ==
    CASE kind = "latest" -> {Header}
      [] kind = "at least" -> 0 .. Header
      [] kind = "at most" -> {IF clock < Age THEN 0 ELSE until[clock - Age]}
      [] kind = "any" -> {0}
      [] kind = "as of" -> 0 .. horizon

\* A read is modelled to begin with its first look. Its call began earlier, so this requires more than the API does.
Ask(r, kind, k) ==
    /\ At(r, "idle")
    /\ \E least \in LeastOf(kind) :
        Stays(r, [Resting EXCEPT !.step = "look", !.kind = kind, !.key = k, !.least = least,
                                 !.mine = acknowledged, !.seen = shown,
                                 !.fits = Looks[1] = "noted" /\ Fits(kind, least),
                                 !.kept = IF Looks[1] = "row" THEN rows[k] ELSE Missing])
    /\ UNCHANGED <<file, cache, horizon, acknowledged, writer>>

Kept(r) == IF Looks[2] = "row" THEN rows[reader[r].key] ELSE reader[r].kept
Hits(r) ==
    /\ IF Looks[2] = "noted" THEN Fits(reader[r].kind, reader[r].least) ELSE reader[r].fits
    /\ Kept(r) # Missing
    /\ ExactRowGuard(reader[r].kind, reader[r].least, PlaceOf(reader[r].key, Kept(r)))

Serve(r) ==
    /\ At(r, "look") /\ Hits(r)
    /\ Return(r, Kept(r))
    /\ UNCHANGED <<file, cache, horizon, acknowledged, writer>>

Pass(r) ==
    /\ At(r, "look") /\ ~Hits(r) /\ reader[r].kind # "as of"
    /\ Stays(r, Onward(r, "lock"))
    /\ UNCHANGED <<file, cache, horizon, acknowledged, writer>>

\* The file has all versions of a snapshot.
ReadFile(r) ==
    /\ At(r, "look") /\ ~Hits(r) /\ reader[r].kind = "as of"
    /\ Return(r, VersionAt(reader[r].key, reader[r].least))
    /\ UNCHANGED <<file, cache, horizon, acknowledged, writer>>

(***************************************************************************)
(* A miss                                                                  *)
(***************************************************************************)

\* Under the lock, with all commits applied: the cached row is the answer, or the row must be loaded.
Inside(r, place) ==
    IF rows[reader[r].key] # Missing THEN Return(r, rows[reader[r].key])
    ELSE Stays(r, [Onward(r, "load") EXCEPT !.followed = place])

\* If there was no commit since the watermark, only its time is updated. The time is read before the header.
Lock(r) ==
    /\ At(r, "lock") /\ ~Locked
    /\ IF noted.header = Header
       THEN /\ noted' = [noted EXCEPT !.time = clock]
            /\ Inside(r, followed)
       ELSE /\ Stays(r, [Onward(r, "ask") EXCEPT !.time = clock, !.header = Header, !.cut = Header])
            /\ UNCHANGED noted
    /\ UNCHANGED <<file, rows, followed, horizon, acknowledged, writer>>

\* No hit is served between the question and the new watermark, since the header or the horizon is ahead. So it is not
\* visible that the changes are applied one by one.
AskLog(r) ==
    /\ At(r, "ask")
    /\ rows' = [k \in Keys |->
           IF (\E i \in followed + 1 .. Header : log[i] = k) /\ Newer(k, VersionAt(k, Header))
           THEN VersionAt(k, Header) ELSE rows[k]]
    /\ Stays(r, [reader[r] EXCEPT !.cut = Header, !.step = "follow"])
    /\ horizon' = OfInterest(HorizonAfterAsking(Header))
    /\ UNCHANGED <<file, followed, noted, acknowledged, writer>>

Note(r) ==
    /\ At(r, "ask") \/ At(r, "follow")
    /\ FollowedGuard(r)
    /\ followed' = reader[r].cut
    /\ noted' = [header |-> HeaderToNote(r), place |-> reader[r].cut, time |-> TimeToNote(r)]
    /\ Inside(r, reader[r].cut)
    /\ UNCHANGED <<file, rows, horizon, acknowledged, writer>>

Load(r) ==
    /\ At(r, "load")
    /\ LET version == VersionAt(reader[r].key, Header)
       IN  /\ Stays(r, [reader[r] EXCEPT !.kept = version, !.step = "put"])
           /\ horizon' = OfInterest(HorizonAfterLoading(PlaceOf(reader[r].key, version)))
    /\ UNCHANGED <<file, cache, acknowledged, writer>>

Put(r) ==
    /\ At(r, "put") /\ ~Locked
    /\ LET k == reader[r].key
       IN  rows' = IF PutGuard(r) /\ (rows[k] = Missing \/ Newer(k, reader[r].kept))
                   THEN [rows EXCEPT ![k] = reader[r].kept] ELSE rows
    /\ Return(r, reader[r].kept)
    /\ UNCHANGED <<file, followed, noted, horizon, acknowledged, writer>>

(***************************************************************************)
(* Commits                                                                 *)
(***************************************************************************)
Begin(k) ==
    /\ writer.step = "idle" /\ Header < MaxCommits
    /\ writer' = [Idle EXCEPT !.step = "publish", !.key = k, !.before = Header]
    /\ UNCHANGED <<file, cache, known, reader, returned>>

Publish ==
    /\ writer.step = "publish" /\ Header < MaxCommits
    /\ log' = Append(log, writer.key)
    /\ writer' = [writer EXCEPT !.step = "acknowledge", !.place = Len(log')]
    /\ UNCHANGED <<clock, until, cache, known, reader, returned>>

Acknowledge ==
    /\ writer.step = "acknowledge"
    /\ horizon' = OfInterest(HorizonAfterCommit(writer.place))
    /\ acknowledged' = OfInterest(writer.place)
    /\ writer' = [writer EXCEPT !.step = "follow", !.after = Header, !.time = clock]
    /\ UNCHANGED <<file, cache, shown, reader, returned>>

\* If the lock is taken, the readers apply the commit. The time is read before the header, as always.
Follow ==
    /\ writer.step = "follow"
    /\ IF ~Locked /\ NextGuard /\ NotedGuard /\ ExactGuard
       THEN LET version == VersionAt(writer.key, writer.place)
            IN  /\ rows' = IF Newer(writer.key, version) THEN [rows EXCEPT ![writer.key] = version] ELSE rows
                /\ followed' = followed + 1
                /\ noted' = [header |-> writer.after, place |-> followed + 1, time |-> writer.time]
       ELSE UNCHANGED cache
    /\ writer' = Idle
    /\ UNCHANGED <<file, known, reader, returned>>

Other(k) ==
    /\ Header < MaxCommits
    /\ log' = Append(log, k)
    /\ UNCHANGED <<clock, until, cache, known, reader, writer, returned>>

Tick ==
    /\ clock < MaxTicks
    /\ clock' = clock + 1
    /\ until' = [until EXCEPT ![clock'] = Header]
    /\ UNCHANGED <<log, cache, known, reader, writer, returned>>

Lose(k) ==
    /\ k \in Losable /\ rows[k] # Missing
    /\ rows' = [rows EXCEPT ![k] = Missing]
    /\ UNCHANGED <<file, followed, noted, known, reader, writer, returned>>

(***************************************************************************)
(* Specification                                                           *)
(***************************************************************************)
Init ==
    /\ log = <<>>
    /\ clock = 0 /\ until = [t \in 0 .. MaxTicks |-> 0]
    /\ rows = [k \in Keys |-> Missing]
    /\ followed = 0 /\ noted = Nothing /\ horizon = 0
    /\ reader = [r \in Readers |-> Resting]
    /\ writer = Idle
    /\ acknowledged = 0 /\ shown = 0
    /\ returned = NoAnswer

Next ==
    \/ \E r \in Readers, kind \in Kinds, k \in Keys : Ask(r, kind, k)
    \/ \E r \in Readers : Serve(r)
    \/ \E r \in Readers : Pass(r)
    \/ \E r \in Readers : ReadFile(r)
    \/ \E r \in Readers : Lock(r)
    \/ \E r \in Readers : AskLog(r)
    \/ \E r \in Readers : Note(r)
    \/ \E r \in Readers : Load(r)
    \/ \E r \in Readers : Put(r)
    \/ \E k \in Keys : Begin(k)
    \/ Publish
    \/ Acknowledge
    \/ Follow
    \/ \E k \in Keys : Other(k)
    \/ Tick
    \/ \E k \in Keys : Lose(k)

Spec == Init /\ [][Next]_vars

Symmetry == Permutations(Readers) \cup Permutations(Keys)

(***************************************************************************)
(* Properties                                                              *)
(***************************************************************************)
TypeOK ==
    /\ \A k \in Keys : rows[k] \in 0 .. MaxCommits \cup {Missing}
    /\ horizon \in 0 .. MaxCommits /\ followed \in 0 .. MaxCommits + 1

\* An answer reaches a position.
Shows(answer, place) == answer.kept >= VersionAt(answer.key, place)

\* A latest read shows all commits of all processes before it began.
ALatestReadIsLinearizable == [][returned'.kind = "latest" => Shows(returned', returned'.least)]_vars

\* A read at a position shows all commits up to it. A read with a maximum age shows all older commits.
PositionReads == [][returned'.kind = "at least" => Shows(returned', returned'.least)]_vars
BoundedStaleness == [][returned'.kind = "at most" => Shows(returned', returned'.least)]_vars

\* A read of a snapshot returns the version as of the snapshot's position.
SnapshotReadsAreExact ==
    [][returned'.kind = "as of" => returned'.kept = VersionAt(returned'.key, returned'.least)]_vars

\* Every read shows all acknowledged commits of this process, and everything that earlier reads showed.
ReadYourWrites == [][Shows(returned', returned'.mine)]_vars
MonotonicReads == [][Shows(returned', returned'.seen)]_vars

\* Another process that reads at the position of this one sees everything that was seen here.
PositionCoversReads == horizon >= shown /\ horizon >= acknowledged

=============================================================================
