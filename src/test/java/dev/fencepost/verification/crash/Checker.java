package dev.fencepost.verification.crash;

import dev.fencepost.verification.crash.AcknowledgedOperations.Answer;
import dev.fencepost.verification.crash.AcknowledgedOperations.Work;
import dev.fencepost.verification.crash.Lineage.Presence;
import dev.fencepost.verification.crash.Rows.Grant;
import dev.fencepost.verification.crash.Rows.Row;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Checks the rows of a file against the answers that its writers received. */
public final class Checker {
    private static final int MOST_FINDINGS = 20;

    /** The operations that must be in the file. */
    public enum Demand {
        /** All operations that were acknowledged before the moment of the check. */
        ALL,
        /** All acknowledged operations up to the last commit in the file. */
        PREFIX
    }

    private final Demand demand;
    private final AcknowledgedOperations told;
    private final Lineage lineage;
    private final List<String> findings = new ArrayList<>();
    private final Map<String, List<Row>> done = new HashMap<>();
    private final Map<String, Integer> firstLost = new HashMap<>();
    private long last;
    private int lost;

    private Checker(AcknowledgedOperations told, Demand demand, Lineage lineage) {
        this.told = told;
        this.demand = demand;
        this.lineage = lineage;
    }

    /**
     * The result of a check.
     *
     * @param lost the number of acknowledged operations that are missing and may be
     * @param unheard the number of operations in the file without an acknowledgement
     */
    public record Finding(List<String> findings, int works, int lost, int unheard) {}

    /** Checks a file that no process is using. */
    public static Finding check(Path file, AcknowledgedOperations told, Demand demand) throws SQLException {
        Finding finding = check(file, told, demand, Lineage.ANY);
        List<String> all = new ArrayList<>(finding.findings());
        told.odd().forEach(odd -> all.add(odd.text()));
        return new Finding(all, finding.works(), finding.lost(), finding.unheard());
    }

    /** Checks a file that was restored, and that no process has open. */
    static Finding check(Path file, AcknowledgedOperations told, Demand demand, Lineage lineage) throws SQLException {
        Checker checker = new Checker(told, demand, lineage);
        try (Rows rows = new Rows(file)) {
            checker.findings.addAll(rows.integrity());
            checker.last = rows.last();
            List<Row> versions = rows.versions();
            checker.laws(versions);
            checker.fenced(versions, rows.grants());
            checker.numbered(rows.events());
            checker.collect(versions, rows.events());
        }
        checker.answers();
        int unheard = (int) checker.done.keySet().stream()
                .filter(name ->
                        told.works().containsKey(name) && told.works().get(name).answer() == Answer.NONE)
                .count();
        return new Finding(List.copyOf(checker.findings), told.works().size(), checker.lost, unheard);
    }

    private void wrong(String what) {
        if (findings.size() < MOST_FINDINGS) {
            findings.add(what);
        }
    }

    private void collect(List<Row> versions, List<Row> events) {
        for (Row row : versions) {
            if (Keys.isNamed(row.name())) {
                done.computeIfAbsent(Keys.work(row.text()), name -> new ArrayList<>())
                        .add(row);
            }
        }
        for (Row row : events) {
            if (Keys.isNamedStream(row.name())) {
                done.computeIfAbsent(row.text(), name -> new ArrayList<>()).add(row);
            }
        }
    }

    private void answers() {
        for (Work work : told.works().values()) {
            List<Row> rows = done.getOrDefault(work.name(), List.of());
            Presence presence = lineage.presence(work);
            if (work.answer() == Answer.REFUSED && !rows.isEmpty()) {
                wrong("refused, and there all the same: " + work + " " + rows);
            } else if (presence == Presence.FORBIDDEN && !rows.isEmpty()) {
                wrong("of a lost history, and there all the same: " + work + " " + rows);
            } else if (presence == Presence.REQUIRED && rows.isEmpty()) {
                missing(work);
            }
        }
        done.forEach((name, rows) -> {
            Work work = told.works().get(name);
            if (work == null) {
                wrong("there, and no process began it: " + rows);
            } else {
                whole(work, rows);
            }
        });
    }

    private void missing(Work work) {
        if (demand == Demand.PREFIX && (work.sequence() > last || work.sequence() == 0)) {
            lost++;
            firstLost.merge(thread(work.name()), number(work.name()), Math::min);
        } else {
            wrong("acknowledged, and not there: " + work + "; the last is " + last);
        }
    }

    /** Checks that a thread that lost an operation also lost all its later ones. */
    private void suffix(Work work) {
        int first = firstLost.getOrDefault(thread(work.name()), Integer.MAX_VALUE);
        if (number(work.name()) > first) {
            wrong("there, though number " + first + ", which was acknowledged before it began, is not: " + work);
        }
    }

    private static String thread(String work) {
        return work.substring(0, Math.max(0, work.lastIndexOf('.')));
    }

    private static int number(String work) {
        String number = work.substring(work.lastIndexOf('.') + 1);
        return number.matches("[0-9]+") ? Integer.parseInt(number) : 0;
    }

    private void whole(Work work, List<Row> rows) {
        suffix(work);
        if (rows.size() != work.rows()) {
            wrong("torn, or done twice: " + work + " " + rows);
        }
        for (Row row : rows) {
            if (row.sequence() != rows.get(0).sequence()) {
                wrong("not in one commit: " + work + " " + rows);
            } else if (row.sequence() > lineage.newest(work)) {
                wrong("behind the end of its history: " + work + " " + rows);
            } else if (work.sequence() > 0 && work.sequence() != row.sequence()) {
                wrong("not where it was said to be: " + work + " " + rows);
            }
        }
    }

    /** Checks the laws of the rows themselves. */
    private void laws(List<Row> versions) {
        numbered(versions);
        Map<String, Long> epochs = new HashMap<>();
        Map<String, Integer> accounts = new TreeMap<>();
        long sequence = 0;
        for (Row row : versions) {
            if (row.sequence() != sequence) {
                balanced(accounts, sequence);
                sequence = row.sequence();
            }
            if (row.epoch() < epochs.getOrDefault(row.name(), 0L) && row.epoch() != 0) {
                wrong("written under an epoch that was over: " + row);
            }
            epochs.merge(row.name(), row.epoch(), Math::max);
            if (row.name().startsWith(Keys.COUNTER.name()) && Keys.number(row.text()) != row.number()) {
                wrong("an update was lost: " + row);
            } else if (row.name().startsWith(Keys.ACCOUNT.name())) {
                accounts.put(row.name(), Keys.number(row.text()));
            }
        }
        balanced(accounts, sequence);
    }

    /** Checks that each version under a claim lies between the claim's grant and its end. */
    private void fenced(List<Row> versions, List<Grant> grants) {
        Map<String, Grant> byEpoch = new HashMap<>();
        grants.forEach(grant -> byEpoch.put(grant.key() + " " + grant.epoch(), grant));
        for (Row row : versions) {
            Grant grant = row.epoch() == 0 ? null : byEpoch.get(row.name() + " " + row.epoch());
            if (grant != null
                    && (row.sequence() < grant.from() || (grant.until() > 0 && row.sequence() >= grant.until()))) {
                wrong("a zombie wrote: " + row + " under " + grant);
            } else if (grant == null && row.epoch() > 0) {
                wrong("written under a claim that never was: " + row);
            }
        }
    }

    private void balanced(Map<String, Integer> accounts, long sequence) {
        int sum = accounts.values().stream().mapToInt(Integer::intValue).sum();
        if (sum != accounts.size() * Keys.DEPOSIT && !accounts.isEmpty()) {
            wrong("after commit " + sequence + " the accounts have " + sum + ": " + accounts);
        }
    }

    /** Checks that the numbers start at 1 and have no gaps. */
    private void numbered(List<Row> rows) {
        Map<String, Long> numbers = new HashMap<>();
        for (Row row : rows) {
            boolean begins = row.name().startsWith(ReadWorkload.BRIEF.name()) && !numbers.containsKey(row.name());
            if (row.number() != numbers.getOrDefault(row.name(), 0L) + 1 && !begins) {
                wrong("not the next number: " + row + " after " + numbers.get(row.name()));
            }
            numbers.put(row.name(), row.number());
        }
    }
}
