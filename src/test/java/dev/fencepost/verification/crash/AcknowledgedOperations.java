package dev.fencepost.verification.crash;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The outcomes of all operations, as the processes of a folder recorded them in their {@linkplain Ledger ledgers}. */
public final class AcknowledgedOperations {
    private static final String SUFFIX = ".ledger";

    /** The known answer to an operation. */
    public enum Answer {
        NONE,
        ACKNOWLEDGED,
        REFUSED
    }

    /**
     * A line of a ledger.
     *
     * @param history the {@linkplain dev.fencepost.Store#id() ID} of the store that the writer has open; empty if
     *     unknown
     * @param at the offset of the line in bytes
     */
    public record Line(String ledger, String history, long at) {
        static final Line NONE = new Line("", "", Long.MAX_VALUE);

        /** Tells whether the line was written before the ledgers had these lengths. */
        boolean isBefore(Map<String, Long> lengths) {
            return at < lengths.getOrDefault(ledger, 0L);
        }
    }

    /**
     * An operation.
     *
     * @param rows the number of versions and events that carry its name if it takes effect
     * @param sequence its sequence if it was returned; else 0
     * @param late true if the answer came after the moment of the check
     * @param begun the line of its beginning
     * @param answered the line of the answer, if there is one
     */
    public record Work(String name, int rows, Answer answer, long sequence, boolean late, Line begun, Line answered) {
        @Override
        public String toString() {
            return name + " of " + rows + " rows, " + answer + " at " + sequence + ", begun in " + begun;
        }
    }

    /** A recorded remark that is not about an operation, and its line. */
    record Remark(String text, Line line) {}

    private final Map<String, Work> works = new HashMap<>();
    private final Map<String, Remark> sagas = new HashMap<>();
    private final List<Remark> odd = new ArrayList<>();
    private final List<Remark> served = new ArrayList<>();
    private final List<Remark> unread = new ArrayList<>();
    private final Map<String, Line> asked = new HashMap<>();
    private final Map<String, Set<String>> made = new HashMap<>();
    private int granted;
    private int fenced;

    private AcknowledgedOperations() {}

    /** Returns the file of a new ledger. */
    public static Path ledger(Path folder, String life) {
        return folder.resolve(life + SUFFIX);
    }

    /** Returns the current lengths of the ledgers in bytes. */
    public static Map<String, Long> lengths(Path folder) throws IOException {
        Map<String, Long> lengths = new TreeMap<>();
        for (Path file : ledgers(folder)) {
            lengths.put(file.getFileName().toString(), Files.size(file));
        }
        return lengths;
    }

    /** Reads all ledgers. */
    public static AcknowledgedOperations in(Path folder) throws IOException {
        AcknowledgedOperations told = new AcknowledgedOperations();
        for (Path file : ledgers(folder)) {
            told.read(file, Long.MAX_VALUE);
        }
        return told;
    }

    /** Reads all ledgers. Lines beyond these lengths are marked as later than the moment of the check. */
    public static AcknowledgedOperations in(Path folder, Map<String, Long> lengths) throws IOException {
        AcknowledgedOperations told = new AcknowledgedOperations();
        for (Path file : ledgers(folder)) {
            told.read(file, lengths.getOrDefault(file.getFileName().toString(), 0L));
        }
        return told;
    }

    private static List<Path> ledgers(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(SUFFIX))
                    .sorted()
                    .toList();
        }
    }

    private void read(Path file, long length) throws IOException {
        String all = Files.readString(file, StandardCharsets.UTF_8);
        String ledger = file.getFileName().toString();
        String history = "";
        int begin = 0;
        for (int end = all.indexOf('\n'); end >= 0; end = all.indexOf('\n', begin)) {
            // All text is ASCII, so that characters are bytes.
            String[] words = all.substring(begin, end).split(" ", 3);
            history = words[0].equals("opened") ? words[1] : history;
            line(words, end >= length, new Line(ledger, history, begin));
            begin = end + 1;
        }
    }

    private void line(String[] words, boolean late, Line at) {
        switch (words[0]) {
            case "begun" ->
                works.put(
                        words[1], new Work(words[1], Integer.parseInt(words[2]), Answer.NONE, 0, late, at, Line.NONE));
            case "done" -> answer(words[1], Answer.ACKNOWLEDGED, Long.parseLong(words[2]), late, at);
            case "refused" -> answer(words[1], Answer.REFUSED, 0, late, at);
            case "ended" -> sagas.put(words[1], new Remark(words[2], at));
            case "asked" -> asked.put(words[1], at);
            case "served" -> served.add(new Remark(words[1], asked.getOrDefault(words[1], at)));
            case "made" ->
                made.computeIfAbsent(words[1], file -> new HashSet<>()).add(words[2]);
            case "granted" -> granted++;
            case "fenced" -> fenced++;
            case "unread" -> unread.add(new Remark(words[1], at));
            case "odd" -> odd.add(new Remark(String.join(" ", words), at));
            default -> {
                // The line names the process.
            }
        }
    }

    private void answer(String name, Answer answer, long sequence, boolean late, Line at) {
        works.computeIfPresent(
                name, (same, work) -> new Work(name, work.rows(), answer, sequence, late, work.begun(), at));
    }

    /** Returns all operations by name. */
    public Map<String, Work> works() {
        return works;
    }

    /** Returns the final states of sagas, as their coordinators recorded them. */
    Map<String, Remark> sagas() {
        return sagas;
    }

    /** Returns the keys in the stores that were created meanwhile, by file. */
    Map<String, Set<String>> made() {
        return made;
    }

    /** Returns the unexpected events. */
    List<Remark> odd() {
        return odd;
    }

    /** Returns the answered reads, each with the line of its beginning. */
    List<Remark> served() {
        return served;
    }

    /** Returns the refused reads. */
    List<Remark> unread() {
        return unread;
    }

    /** Returns the number of granted claims. */
    int granted() {
        return granted;
    }

    /** Returns the number of operations that were refused because of a lost claim. */
    int fenced() {
        return fenced;
    }

    /** Returns the number of operations with this answer before the moment of the check. */
    public long count(Answer answer) {
        return works.values().stream()
                .filter(work -> work.answer() == answer && !work.late())
                .count();
    }
}
