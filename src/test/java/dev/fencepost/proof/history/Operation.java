package dev.fencepost.proof.history;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * One operation of one process, as it was recorded.
 *
 * @param worker whose it is
 * @param index counts the operations of the worker
 * @param kind what was asked for
 * @param began before it was called, in nanoseconds of the host's monotonic clock
 * @param ended after it returned; {@link #NEVER} if it did not
 * @param outcome how it ended, as far as is known
 * @param epochs under which epochs of which keys it was made, or which it was granted
 * @param accesses what it had to do with each of its keys
 * @param note more about its end, for people and statistics
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

    /** A claim was granted. */
    static final String CLAIM = "claim";

    /** A claim was given back. */
    static final String RELEASE = "release";

    enum Outcome {
        /** It was acknowledged. */
        DONE,
        /** It was refused: it must have changed nothing. */
        REFUSED,
        /** It can have taken effect at any time after it began, or never. */
        UNKNOWN
    }

    /** What a value is called that this operation writes; the checker knows its writer by that. */
    static String value(int worker, int index, int member) {
        return worker + "." + index + "." + member;
    }

    /** By what the writer of a value is found. */
    static String writerOf(String value) {
        return value.substring(0, value.lastIndexOf('.'));
    }

    String name() {
        return worker + "." + index;
    }

    boolean isDone() {
        return outcome == Outcome.DONE;
    }

    /** Whether it was made under a claim. */
    boolean isFenced() {
        return !epochs.isEmpty() && !kind.equals(CLAIM);
    }

    /** Whether what it writes can be in the store. */
    boolean canHaveWritten() {
        return outcome != Outcome.REFUSED;
    }

    Operation unended() {
        return new Operation(worker, index, kind, began, NEVER, Outcome.UNKNOWN, epochs, accesses, "no answer");
    }

    /** As the line that is written when it begins or has ended. */
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

    /** For people. */
    String words() {
        String what = accesses.stream().map(Access::words).collect(Collectors.joining("; "));
        return kind + " " + name() + " of process " + worker + " [" + began + ", "
                + (ended == NEVER ? "no end" : ended) + "]" + (epochs.isEmpty() ? "" : " under " + epochs) + ": "
                + (what.isEmpty() ? note : what) + (outcome == Outcome.DONE ? "" : " (" + outcome + ", " + note + ")");
    }
}
