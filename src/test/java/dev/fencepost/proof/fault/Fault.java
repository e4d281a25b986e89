package dev.fencepost.proof.fault;

import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The faults that are tried: how each is made, which errors it leads to, all of them and no others, and what holds then. */
enum Fault {
    DISK_FULL(
            "disk full, in the middle of a commit",
            "a file system of 4 MB in memory, filled up",
            "what was acknowledged is there, what was refused is not; the open store goes on when there is room",
            DiskTrials::full,
            "failed"),
    DISK_FULL_WHILE_CREATING(
            "disk full, while the file is created",
            "a file system of 64 KB in memory",
            "with room, the file is created as if nothing had been",
            DiskTrials::fullWhileCreating,
            "failed"),
    NO_ROOM_FOR_THE_LOG(
            "no room for the log",
            "ENOSPC from each write, from the second, from the third",
            "for every kind of commit: not applied; the open store goes on",
            CallTrials::noRoom,
            "failed"),
    LOG_NOT_WRITTEN(
            "the log cannot be written",
            "EIO from the write of the log, the first or a later one of a commit",
            "for every kind of commit: not applied, or unknown and told by its id; the open store goes on",
            CallTrials::writesFail,
            "failed",
            "unknown-outcome"),
    SHORT_WRITES(
            "short writes",
            "each write makes only half of what it was asked for",
            "nothing is noticed",
            CallTrials::shortWrites),
    SHORT_WRITES_AND_NO_ROOM(
            "a write that stops in the middle",
            "half of a write is made, and ENOSPC answers the rest",
            "for every kind of commit: not applied; the open store goes on",
            CallTrials::tornWrites,
            "failed"),
    LOG_NOT_FORCED(
            "the disk fails when the log is forced",
            "EIO from each fsync of the log",
            "for every kind of commit: unknown until the disk answers, then told by its id; the open store goes on",
            CallTrials::forcesFail,
            "failed",
            "unknown-outcome"),
    OPENED_AGAIN_AND_AGAIN(
            "opened and closed again and again",
            "300 times in each build, 10,000 times in the long form, each with a read, a write, a claim and a snapshot",
            "no more descriptors, threads, mappings or memory are held than before",
            OpeningTrials::again);

    private final String what;
    private final String how;
    private final String afterwards;
    private final Trial trial;
    private final Set<String> errors;

    Fault(String what, String how, String afterwards, Trial trial, String... errors) {
        this.what = what;
        this.how = how;
        this.afterwards = afterwards;
        this.trial = trial;
        this.errors = new TreeSet<>(Arrays.asList(errors));
    }

    Trial trial() {
        return trial;
    }

    /** The codes of the errors that it leads to; none if it is borne without one. */
    Set<String> errors() {
        return errors;
    }

    /** Its line in the table of faults. */
    String row() {
        String codes = errors.stream().map(code -> "`" + code + "`").collect(Collectors.joining(", "));
        return "| " + String.join(" | ", what, how, codes.isEmpty() ? "none" : codes, afterwards) + " |";
    }
}
