package dev.fencepost.verification.faults;

import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The tested faults: how each is injected, the exact set of errors that it raises, and the state afterwards. */
enum Fault {
    DISK_FULL(
            "disk full, in the middle of a commit",
            "a file system of 4 MB in memory, filled up",
            "what was acknowledged is there, what was refused is not; the open store goes on when there is room",
            DiskFaults::full,
            "failed"),
    DISK_FULL_WHILE_CREATING(
            "disk full, while the file is created",
            "a file system of 64 KB in memory",
            "with room, the file is created as if nothing had been",
            DiskFaults::fullWhileCreating,
            "failed"),
    NO_ROOM_FOR_THE_LOG(
            "no room for the log",
            "ENOSPC from each write, from the second, from the third",
            "for every kind of commit: not applied; the open store goes on",
            CallFaults::noRoom,
            "failed"),
    LOG_NOT_WRITTEN(
            "the log cannot be written",
            "EIO from the write of the log, the first or a later one of a commit",
            "for every kind of commit: not applied, or unknown and told by its id; the open store goes on",
            CallFaults::writesFail,
            "failed",
            "unknown-outcome"),
    SHORT_WRITES(
            "short writes",
            "each write makes only half of what it was asked for",
            "nothing is noticed",
            CallFaults::shortWrites),
    SHORT_WRITES_AND_NO_ROOM(
            "a write that stops in the middle",
            "half of a write is made, and ENOSPC answers the rest",
            "for every kind of commit: not applied; the open store goes on",
            CallFaults::tornWrites,
            "failed"),
    LOG_NOT_FORCED(
            "the disk fails when the log is forced",
            "EIO from each fsync of the log",
            "for every kind of commit: unknown until the disk answers, then told by its id; the open store goes on",
            CallFaults::forcesFail,
            "failed",
            "unknown-outcome"),
    A_FORCE_FAILS(
            "the disk fails once when the log is forced",
            "EIO from one fsync of the log",
            "for every kind of commit: the log is written again and forced, so that it is known: not applied; the open store"
                    + " goes on",
            CallFaults::aForceFails,
            "failed"),
    LOG_NOT_FORCED_AND_THE_PROCESS_DIES(
            "the disk fails when the log is forced, and the process dies of it",
            "EIO from each fsync of the log, then kill -9",
            "whole or not at all; any process tells by its id which",
            CallFaults::forcesFailAndTheProcessDies,
            "unknown-outcome"),
    LOG_NOT_READ(
            "the log cannot be read",
            "EIO from each read of the log",
            "SQLite takes what cannot be read for damage; the open store goes on when it can be read again",
            ResourceFaults::logNotRead,
            "refused:damaged"),
    FILE_NOT_WRITTEN(
            "the log cannot be moved into the file",
            "ENOSPC from each write of the database file",
            "commits go on, and the log grows until it can be moved",
            ResourceFaults::fileNotWritten),
    FILE_NOT_FORCED(
            "the disk fails when the file is forced",
            "EIO from each fsync of the database file",
            "commits go on, and the log grows until it can be moved",
            ResourceFaults::fileNotForced),
    INDEX_NOT_MAPPED(
            "no memory for the log's index",
            "ENOMEM from mmap, while a store is opened",
            "the same process opens it when there is memory",
            ResourceFaults::indexNotMapped,
            "failed"),
    INDEX_CANNOT_GROW(
            "no room for the log's index",
            "ENOSPC from the writes that make it, while a store is opened",
            "the same process opens it when there is room",
            ResourceFaults::indexCannotGrow,
            "failed"),
    NO_DESCRIPTORS(
            "too many open files",
            "EMFILE and ENFILE from open, while a store is opened",
            "the same process opens it when there are descriptors",
            ResourceFaults::noDescriptors,
            "failed"),
    STOPPED_IN_A_COMMIT(
            "a process stopped in the middle of a commit",
            "SIGSTOP between two writes of its commit",
            "waiting processes report its pid, and that it is stopped; when it resumes, all do, and nothing is lost",
            ProcessFaults::stopped,
            "busy"),
    STOPPED_WHILE_LOOKING(
            "a process stopped while it looks at a file at rest, before it opens it",
            "SIGSTOP between two reads, each in turn; another comes, writes and leaves",
            "it finds what is there now, and takes it for no damage",
            ProcessFaults::stoppedWhileLooking),
    STOPPED_AND_KILLED(
            "a stopped process dies",
            "SIGSTOP between two writes of its commit, then kill -9",
            "the others go on at once; of its commit there is nothing",
            ProcessFaults::stoppedAndKilled,
            "busy"),
    FORKED(
            "a process that has the store open forks",
            "fork in the middle of a commit; the copy lives on and does nothing",
            "both processes' descriptors and locks are as before: the copy holds no claim and no lock, and when the"
                    + " original is killed, others take over at once. The copy must not use the store",
            ProcessFaults::forked),
    STARTED_A_PROGRAM(
            "a process that has the store open starts a program",
            "the Java platform's own way, `ProcessBuilder`",
            "the program inherits no descriptor of the store",
            ProcessFaults::startedAProgram),
    OPENED_TWICE(
            "two stores of one file in one process",
            "opened by two names, used side by side, one closed",
            "every update counts, and closing one takes no lock from the other",
            ProcessFaults::openedTwice),
    CLOCK_AHEAD(
            "a process's clock jumps ahead by 5 hours",
            "the system's time of day, shifted under a live process",
            "it can take over claims whose leases seem past; their holders are fenced, and nothing is lost or granted twice",
            ClockFaults::ahead,
            "fenced"),
    CLOCK_BACK(
            "a process's clock jumps back by 5 hours",
            "the system's time of day, shifted under a live process",
            "it holds its claim, others stay out, and commits stay in order",
            ClockFaults::back,
            "claimed"),
    OLDER_COPY(
            "an older copy of the file put in place",
            "cp over the file, under a live store",
            "the live store refuses to go on at its next read and at its next commit",
            DamageFaults::olderCopy,
            "refused:history-went-back"),
    LOG_LOST(
            "the log of a dead process removed",
            "kill -9, then rm of the log",
            "SQLite finds nothing wrong; a reader with an earlier position is refused, since the store ends before it",
            DamageFaults::logLost,
            "invalid-input"),
    LOG_FLIPPED(
            "the log of a dead process damaged",
            "kill -9, then flipped bytes in the log's last commit",
            "SQLite drops the frames with wrong checksums; a reader with an earlier position is refused",
            DamageFaults::logFlipped,
            "invalid-input"),
    LOG_REMOVED(
            "the log removed under a live store",
            "rm",
            "nothing is acknowledged that goes into a file without a name",
            DamageFaults::logRemoved,
            "refused:replaced"),
    RENAMED(
            "the file renamed under a live store",
            "mv",
            "refused until it is opened again; what was acknowledged is in the renamed file",
            DamageFaults::renamed,
            "refused:replaced"),
    DELETED(
            "the file deleted under a live store",
            "rm",
            "refused until it is opened again",
            DamageFaults::deleted,
            "refused:replaced"),
    NOT_A_DATABASE(
            "not a database",
            "text in place of the file",
            "left as it was",
            DamageFaults::notADatabase,
            "refused:not-a-database"),
    NOT_A_STORE(
            "another program's database",
            "a SQLite file with a table",
            "left as it was",
            DamageFaults::notAStore,
            "refused:not-a-store"),
    NEWER_SCHEMA(
            "a file of a newer version",
            "a higher number of the schema",
            "left as it was",
            DamageFaults::newerSchema,
            "refused:newer-schema"),
    TRUNCATED(
            "the file truncated",
            "all but its first two pages cut off",
            "left as it was",
            DamageFaults::truncated,
            "refused:damaged"),
    SCHEMA_FLIPPED(
            "flipped bytes in the schema",
            "some bits of a trigger turned over",
            "left as it was",
            DamageFaults::schemaFlipped,
            "refused:damaged"),
    PAGE_FLIPPED(
            "flipped bytes in a page of values",
            "a whole page of the table of versions overwritten",
            "what is on it is refused, and `check` finds it; other keys are served",
            DamageFaults::pageFlipped,
            "refused:damaged"),
    NO_FOLDER("no such folder", "a path into nowhere", "nothing is made", DamageFaults::noFolder, "refused:no-folder"),
    NOT_A_FILE(
            "a folder or a device",
            "a folder of that name",
            "nothing is made",
            DamageFaults::notAFile,
            "refused:not-a-file"),
    SEVERAL_NAMES(
            "a file of several names",
            "a hard link",
            "left as it was; served when the link is gone",
            DamageFaults::severalNames,
            "refused:several-names"),
    READ_ONLY(
            "a read-only folder",
            "a read-only mount, or no right to write",
            "left as it was; served when it can be written",
            DamageFaults::readOnly,
            "refused:read-only"),
    NETWORK(
            "a network file system",
            "the list of mounts says `nfs4`",
            "nothing is made",
            DamageFaults::network,
            "refused:network-file-system"),
    OPENED_AGAIN_AND_AGAIN(
            "opened and closed again and again",
            "300 times in each build, 10,000 times in the long form, each with a read, a write, a claim and a snapshot",
            "no more descriptors, threads, mappings or memory are held than before",
            OpeningFaults::again);

    private final String what;
    private final String how;
    private final String afterwards;
    private final FaultTrial trial;
    private final Set<String> errors;

    Fault(String what, String how, String afterwards, FaultTrial trial, String... errors) {
        this.what = what;
        this.how = how;
        this.afterwards = afterwards;
        this.trial = trial;
        this.errors = new TreeSet<>(Arrays.asList(errors));
    }

    FaultTrial trial() {
        return trial;
    }

    /** Returns the codes of the errors that the fault raises; empty if it raises none. */
    Set<String> errors() {
        return errors;
    }

    /** Returns the row of the fault in the table of faults. */
    String row() {
        String codes = errors.stream().map(code -> "`" + code + "`").collect(Collectors.joining(", "));
        return "| " + String.join(" | ", what, how, codes.isEmpty() ? "none" : codes, afterwards) + " |";
    }
}
