----------------------------- MODULE StaleReads -----------------------------
(***************************************************************************)
(* Reads from the cache of one process, while it and others commit: the    *)
(* latest, at least as of a position, at most so old, or whatever is at    *)
(* hand.                                                                   *)
(*                                                                         *)
(* The file is here the sequence of its commits, each of one key; the      *)
(* version of a key as of a place is the number of commits up to there     *)
(* that wrote it. The header in shared memory changes with every commit,   *)
(* before it returns; it is the number of the commits here. The log of     *)
(* changes is followed up to a place, and rows stand beside it: put in by  *)
(* readers that missed them, brought up to date by whoever follows.        *)
(*                                                                         *)
(* A hit takes no lock: what was noted is read and judged, and then the    *)
(* row. What it is judged by only grows, so that whoever judges it after   *)
(* he has read the row serves less, and never more. Whoever does not hit   *)
(* goes the long way: under the lock the time and the header are read, the *)
(* log is asked, its changes are followed, and that is noted last. A row   *)
(* that is still missing is loaded outside of the lock.                    *)
(*                                                                         *)
(* The horizon is the furthest that the process has committed or seen. It  *)
(* is also the position that is handed to others.                          *)
(*                                                                         *)
(* The actions in the code (package dev.fencepost.internal.txn):           *)
(*   Ask, Serve, Pass              ReadCache, a hit or none                *)
(*   Lock, AskLog, Note            ReadCache.catchUp, with the lock        *)
(*   Load, Put                     ReadCache, the long way without it      *)
(*   Publish                       the COMMIT of BatchRunner               *)
(*   Acknowledge                   BatchRunner, and the caller is answered *)
(*   Follow                        ReadCache.committed                     *)
(* Hidden: Other (another process commits), Tick (time passes), Lose (the  *)
(* cache is full).                                                         *)
(*                                                                         *)
(* Time is a counter of ticks. 'At most so old' means that what is read    *)
(* was the latest at some moment that is no further back.                  *)
(***************************************************************************)
EXTENDS Naturals, Sequences, FiniteSets, TLC

CONSTANTS
    Readers,       \* threads of the process
    Keys,
    Losable,       \* bound: the keys whose rows the cache may lose
    Kinds,         \* of "latest", "at least", "at most", "any"
    Age,           \* how old "at most" may be, in ticks
    MaxCommits,
    MaxTicks,
    Missing

VARIABLES
    log,           \* the commits in the file: which key each has written
    clock,
    until,         \* per tick, how many commits there were when it began
    rows,          \* per key, the version that is kept, or Missing
    followed,      \* up to where the log was followed
    noted,         \* what hits go by: the header, the place up to which the log was followed, and when
    horizon,
    reader,        \* per reader, where it is in its read
    writer,        \* where the committing thread is
    acknowledged,  \* the newest commit of the process that was acknowledged
    shown,         \* the furthest that a read has shown
    returned       \* what the last read returned; nothing depends on it, and the VIEW leaves it out

file == <<log, clock, until>>
cache == <<rows, followed, noted>>
known == <<horizon, acknowledged, shown>>
vars == <<file, cache, known, reader, writer, returned>>
view == <<file, cache, known, reader, writer>>

(***************************************************************************)
(* What the state says                                                     *)
(***************************************************************************)
Header == Len(log)
Max(a, b) == IF a > b THEN a ELSE b
VersionAt(k, place) == Cardinality({i \in 1 .. place : log[i] = k})
PlaceOf(k, version) ==
    IF version = 0 THEN 0 ELSE CHOOSE i \in 1 .. Header : log[i] = k /\ VersionAt(k, i) = version

At(r, step) == reader[r].step = step
Locked == \E r \in Readers : reader[r].step \in {"ask", "follow"}

(***************************************************************************)
(* The rules of hits                                                       *)
(***************************************************************************)

\* The latest is served while nobody has committed since.
LatestGuard(kind) == kind = "latest" => noted.header = Header

\* What is at least as of a position is served when the log was followed up to there.
PositionGuard(kind, least) == kind = "at least" => noted.place >= least

\* What is at most so old is served when that is no longer ago.
AgeGuard(kind) == kind = "at most" => clock <= noted.time + Age

\* Nothing is served that is behind what this process has committed or seen.
HorizonGuard(kind) == kind # "latest" => noted.place >= horizon

(***************************************************************************)
(* The rules of following                                                  *)
(***************************************************************************)

\* It is noted that the log was followed when it was.
FollowedGuard(r) == At(r, "follow")

\* What was loaded is put in only if nothing was followed meanwhile.
PutGuard(r) == followed = reader[r].followed

\* An own commit is followed without asking if the header says that there was no other: none since ...
NextGuard == writer.after = writer.before + 1

\* ... and none before that was not followed.
NotedGuard == noted.header = writer.before

\* And it must not have been followed already, by whoever asked after it was published.
ExactGuard == followed = noted.header

(***************************************************************************)
(* The effects                                                             *)
(***************************************************************************)

\* What was noted is read before the row.
Looks == <<"noted", "row">>
Fits(kind, least) == LatestGuard(kind) /\ PositionGuard(kind, least) /\ AgeGuard(kind) /\ HorizonGuard(kind)

\* What is noted was read before the log was asked.
HeaderToNote(r) == reader[r].header
TimeToNote(r) == reader[r].time

\* The horizon knows of a commit before it is acknowledged, and of a row before it is put in or returned.
HorizonAfterCommit(place) == Max(horizon, place)
HorizonAfterAsking(place) == Max(horizon, place)
HorizonAfterLoading(place) == Max(horizon, place)

\* A row that is as new stays.
Newer(k, version) == rows[k] # Missing /\ rows[k] < version

Nothing == [header |-> 0, place |-> 0, time |-> 0]
Resting == [step |-> "idle", kind |-> "any", key |-> Missing, least |-> 0, mine |-> 0, seen |-> 0,
            fits |-> FALSE, kept |-> Missing, header |-> 0, time |-> 0, cut |-> 0, followed |-> 0]
Idle == [step |-> "idle", key |-> Missing, before |-> 0, place |-> 0, after |-> 0, time |-> 0]
NoAnswer == [kind |-> "any", key |-> Missing, kept |-> 0, least |-> 0, mine |-> 0, seen |-> 0]

\* A reader takes along what it asked for, and what it must not be shown less than.
Onward(r, step) ==
    [Resting EXCEPT !.step = step, !.kind = reader[r].kind, !.key = reader[r].key, !.least = reader[r].least,
                    !.mine = reader[r].mine, !.seen = reader[r].seen]

\* Where only the latest is read, it does not matter what was seen.
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

\* Some place that an answer must not be behind. A position was in the file when somebody saw it.
LeastOf(kind) ==
    CASE kind = "latest" -> {Header}
      [] kind = "at least" -> 0 .. Header
      [] kind = "at most" -> {IF clock < Age THEN 0 ELSE until[clock - Age]}
      [] kind = "any" -> {0}

\* A read is taken to begin with its first look. Its call came earlier, so that this asks for more than a caller may.
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

Serve(r) ==
    /\ At(r, "look") /\ Hits(r)
    /\ Return(r, Kept(r))
    /\ UNCHANGED <<file, cache, horizon, acknowledged, writer>>

Pass(r) ==
    /\ At(r, "look") /\ ~Hits(r)
    /\ Stays(r, Onward(r, "lock"))
    /\ UNCHANGED <<file, cache, horizon, acknowledged, writer>>

(***************************************************************************)
(* The long way                                                            *)
(***************************************************************************)

\* With the lock, and all that was committed followed: what is kept now is the answer, or it has to be loaded.
Inside(r, place) ==
    IF rows[reader[r].key] # Missing THEN Return(r, rows[reader[r].key])
    ELSE Stays(r, [Onward(r, "load") EXCEPT !.followed = place])

\* Where nobody has committed since, only the time is noted. The time is read before the header.
Lock(r) ==
    /\ At(r, "lock") /\ ~Locked
    /\ IF noted.header = Header
       THEN /\ noted' = [noted EXCEPT !.time = clock]
            /\ Inside(r, followed)
       ELSE /\ Stays(r, [Onward(r, "ask") EXCEPT !.time = clock, !.header = Header, !.cut = Header])
            /\ UNCHANGED noted
    /\ UNCHANGED <<file, rows, followed, horizon, acknowledged, writer>>

\* No hit is served between what is asked and what is noted, since the header or the horizon is ahead. So that the
\* changes are followed one by one does not show.
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

\* Whoever finds the lock taken leaves it to those who read. The time is that before the header was read, as ever.
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
(* The whole                                                               *)
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
(* Laws                                                                    *)
(***************************************************************************)
TypeOK ==
    /\ \A k \in Keys : rows[k] \in 0 .. MaxCommits \cup {Missing}
    /\ horizon \in 0 .. MaxCommits /\ followed \in 0 .. MaxCommits + 1

\* What is returned is not behind a place.
Shows(answer, place) == answer.kept >= VersionAt(answer.key, place)

\* A latest read shows all that had been committed when it began, by whomever.
ALatestReadIsLinearizable == [][returned'.kind = "latest" => Shows(returned', returned'.least)]_vars

\* A read of at least a position shows all up to there, and one of at most some age all that is older.
PositionsAreReached == [][returned'.kind = "at least" => Shows(returned', returned'.least)]_vars
NeverOlderThanAsked == [][returned'.kind = "at most" => Shows(returned', returned'.least)]_vars

\* However fresh it is: what this process was told is committed stays so, and no read is behind one before it.
OwnWritesStay == [][Shows(returned', returned'.mine)]_vars
ReadsNeverGoBack == [][Shows(returned', returned'.seen)]_vars

\* Whoever is handed the position, and reads at least that, sees all that was seen here.
PositionsCoverWhatWasSeen == horizon >= shown /\ horizon >= acknowledged

=============================================================================
