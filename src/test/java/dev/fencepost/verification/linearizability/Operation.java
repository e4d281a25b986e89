package dev.fencepost.verification.linearizability;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * One recorded operation of one process.
 *
 * @param worker the number of the worker
 * @param index the number of the operation among those of the worker
 * @param kind the kind of request
 * @param began a time before the call, in nanoseconds of the host's monotonic clock
 * @param ended a time after the return; {@link #NEVER} if it did not return
 * @param outcome the outcome, as far as it is known
 * @param epochs the epochs by key under which it was made, or which it was granted
 * @param accesses the accesses to its keys
 * @param note a remark about its end, for people and statistics
 */
record Operation(
        int worker,
        int index,
        String kind,
        long began,
        long ended,
        Outcome outcome,
        Map<String, Long> epochs,
        List<Access> accesses,
        String note) {
    static final long NEVER = Long.MAX_VALUE;

    /** The kind of a granted claim. */
    static final String CLAIM = "claim";

    /** The kind of a released claim. */
    static final String RELEASE = "release";

    enum Outcome {
        /** The operation was acknowledged. */
        DONE,
        /** The operation was refused and must have changed nothing. */
        REFUSED,
        /** The operation may have taken effect at any time after it began, or never. */
        UNKNOWN
    }

    /** Returns a value for this operation to write. It identifies the writer. */
    static String value(int worker, int index, int member) {
        return worker + "." + index + "." + member;
    }

    /** Returns the name of the operation that wrote a value. */
    static String writerOf(String value) {
        return value.substring(0, value.lastIndexOf('.'));
    }

    String name() {
        return worker + "." + index;
    }

    boolean isDone() {
        return outcome == Outcome.DONE;
    }

    /** Tells whether it was made under a claim. */
    boolean isFenced() {
        return !epochs.isEmpty() && !kind.equals(CLAIM);
    }

    /** Tells whether its writes can be in the store. */
    boolean canHaveWritten() {
        return outcome != Outcome.REFUSED;
    }

    Operation unended() {
        return new Operation(worker, index, kind, began, NEVER, Outcome.UNKNOWN, epochs, accesses, "no answer");
    }

    /** Returns the line that is recorded at its beginning or end. */
    String line(boolean end) {
        String under = epochs.entrySet().stream()
                .map(entry -> entry.getKey() + "|" + entry.getValue())
                .collect(Collectors.joining(","));
        String what = accesses.stream().map(Access::text).collect(Collectors.joining(","));
        return (end ? "E " : "B ") + index + " " + began + " " + ended + " " + kind + " " + outcome + " "
                + (under.isEmpty() ? "-" : under) + " " + (what.isEmpty() ? "-" : what) + " "
                + note.replace(' ', '_') + "\n";
    }

    static Operation parse(int worker, String line) {
        String[] words = line.split(" ");
        Map<String, Long> epochs = new TreeMap<>();
        if (!words[6].equals("-")) {
            for (String one : words[6].split(",")) {
                String[] parts = one.split("\\|");
                epochs.put(parts[0], Long.parseLong(parts[1]));
            }
        }
        List<Access> accesses = words[7].equals("-")
                ? List.of()
                : List.of(words[7].split(",")).stream().map(Access::parse).toList();
        return new Operation(
                worker,
                Integer.parseInt(words[1]),
                words[4],
                Long.parseLong(words[2]),
                Long.parseLong(words[3]),
                Outcome.valueOf(words[5]),
                epochs,
                accesses,
                words[8]);
    }

    /** Describes the operation for people. */
    String words() {
        String what = accesses.stream().map(Access::words).collect(Collectors.joining("; "));
        return kind + " " + name() + " of process " + worker + " [" + began + ", "
                + (ended == NEVER ? "no end" : ended) + "]" + (epochs.isEmpty() ? "" : " under " + epochs) + ": "
                + (what.isEmpty() ? note : what) + (outcome == Outcome.DONE ? "" : " (" + outcome + ", " + note + ")");
    }
}
