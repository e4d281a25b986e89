package dev.fencepost.verification.crash;

import dev.fencepost.verification.crash.AcknowledgedOperations.Answer;
import dev.fencepost.verification.crash.AcknowledgedOperations.Line;
import dev.fencepost.verification.crash.AcknowledgedOperations.Remark;
import dev.fencepost.verification.crash.AcknowledgedOperations.Work;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * All histories of one path: the present one, and those that were replaced. Verifies that no operation was acknowledged
 * or read in a history after its end. Not thread-safe.
 */
final class Histories {
    private final Map<String, End> ended = new HashMap<>();
    private final Map<String, Long> excused = new TreeMap<>();
    private final Set<String> unfinishedSagas = new HashSet<>();
    private Lineage lineage = Lineage.ANY;
    private Set<String> remembered = Set.of();

    /**
     * The end of a replaced history.
     *
     * @param lengths the lengths of the ledgers when it was replaced
     * @param newest the sequence of its newest commit; the greatest number if it could not be read
     */
    private record End(Map<String, Long> lengths, long newest) {}

    /**
     * A copy of the store, from which it can be restored.
     *
     * @param histories its histories, the newest of which is last
     * @param remembered the IDs that the file knows as those of its former histories
     */
    record Origin(List<Lineage.Former> histories, Set<String> remembered) {}

    /** Starts with a store that was never restored. */
    void begin(String history) {
        lineage = new Lineage(List.of(), history);
    }

    Lineage lineage() {
        return lineage;
    }

    String present() {
        return lineage.present();
    }

    /** Tells whether the present file must know an ID as that of a former history. */
    boolean isRemembered(String history) {
        return remembered.contains(history);
    }

    Set<String> unfinishedSagas() {
        return unfinishedSagas;
    }

    /** Describes a copy of the present store. */
    Origin copied(long newest, Map<String, Long> before, Map<String, Long> after) {
        List<Lineage.Former> histories = new ArrayList<>(lineage.former());
        histories.add(new Lineage.Former(lineage.present(), newest, before, after));
        return new Origin(List.copyOf(histories), remembered);
    }

    /** Marks the store as damaged or replaced from now on: its writers may be refused. */
    void excuse(Map<String, Long> lengths) {
        lengths.forEach(excused::putIfAbsent);
    }

    /** Marks the present history as replaced from now on. */
    void end(Map<String, Long> lengths, long newest) {
        excuse(lengths);
        ended.put(present(), new End(lengths, newest));
    }

    /**
     * Records that a copy has replaced the store that ended.
     *
     * @param all true if the file also remembers the histories of the file that it replaced
     */
    void replaced(Origin origin, String history, boolean all) {
        Set<String> known = new HashSet<>(origin.remembered());
        known.add(origin.histories().get(origin.histories().size() - 1).history());
        if (all) {
            known.addAll(remembered);
            known.add(present());
        }
        remembered = Set.copyOf(known);
        lineage = new Lineage(origin.histories(), history);
    }

    /** Returns the answers to writers and readers that violate the rules. */
    List<String> wrong(AcknowledgedOperations told) {
        List<String> wrong = new ArrayList<>();
        for (Work work : told.works().values()) {
            End end = ended.get(work.begun().history());
            if (end != null
                    && work.answer() == Answer.ACKNOWLEDGED
                    && (!work.begun().isBefore(end.lengths()) || work.sequence() > end.newest())) {
                wrong.add("acknowledged in a history that had ended with " + end.newest() + ": " + work);
            }
        }
        wrong.addAll(lateReads(told));
        for (Remark odd : told.odd()) {
            if (!isExcused(odd)) {
                wrong.add(odd.text());
            }
        }
        return wrong;
    }

    /**
     * Returns late reads. A cached read may succeed for some milliseconds after the end, but not after the refusal of
     * another cached read.
     */
    private List<String> lateReads(AcknowledgedOperations told) {
        List<String> wrong = new ArrayList<>();
        for (Remark read : told.served()) {
            Line asked = read.line();
            End end = ended.get(asked.history());
            Optional<Line> refused = end == null
                    ? Optional.empty()
                    : told.unread().stream()
                            .filter(one -> isCached(one) == isCached(read))
                            .map(Remark::line)
                            .filter(line -> line.ledger().equals(asked.ledger()) && !line.isBefore(end.lengths()))
                            .min(Comparator.comparingLong(Line::at));
            if (refused.filter(line -> line.at() < asked.at()).isPresent()) {
                wrong.add("served, though a read before it was refused: " + read);
            }
        }
        return wrong;
    }

    private static boolean isCached(Remark read) {
        return read.text().contains(".cached.");
    }

    private boolean isExcused(Remark odd) {
        return odd.line().at() >= excused.getOrDefault(odd.line().ledger(), Long.MAX_VALUE)
                && (odd.text().contains("dev.fencepost.") || odd.text().contains("the subscription to"));
    }
}
