package dev.fencepost.internal.history;

import dev.fencepost.InvalidInputException;
import dev.fencepost.Prefix;
import dev.fencepost.history.PruneReport;
import dev.fencepost.history.Retention;
import dev.fencepost.history.RetentionPolicy;
import dev.fencepost.history.RetentionRule;
import dev.fencepost.internal.commit.CommitQueue;
import dev.fencepost.internal.read.ReaderPool;
import dev.fencepost.internal.sql.Listing;
import dev.fencepost.internal.sql.TimeTables;
import dev.fencepost.internal.sql.TimeTables.Extent;
import dev.fencepost.internal.util.Arguments;
import dev.fencepost.internal.util.PeriodicTask;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The retention rules, and the runs that prune by them, in the name of one agent. Safe for use by many threads. */
public final class DefaultRetention implements Retention {
    private static final Logger LOG = LoggerFactory.getLogger(DefaultRetention.class);

    /** The most keys that are examined in one read. */
    private static final int PAGE = 500;

    /** The most free pages that one transaction returns to the file system. */
    private static final int PAGES = 64;

    /** The free pages that stay in the file for later writes. */
    private static final int SPARE_PAGES = 256;

    private static final Duration LONGEST_PAUSE = Duration.ofDays(365);

    private static final Duration LONGEST_AGE = Duration.ofDays(36_500);

    private final String agent;
    private final Parts parts;

    /** The parts of the store that retention uses. */
    public record Parts(CommitQueue queue, ReaderPool reads, Pruner trimmer, PeriodicTask tasks) {}

    public DefaultRetention(String agent, Parts parts) {
        this.agent = agent;
        this.parts = parts;
    }

    @Override
    public List<RetentionRule> rules() {
        return parts.reads()
                .read(session -> new TimeTables(session).rules(Listing.rules().whole()));
    }

    @Override
    public void setRule(String prefix, RetentionPolicy keep) {
        Arguments.required(prefix, "prefix");
        Arguments.required(keep, "keep");
        RetentionRule rule = new RetentionRule(Prefix.text(prefix).name(), keep, agent);
        parts.queue().change(scope -> {
            if (scope.time().countRulesBeside(prefix) >= MAX_RULES) {
                throw new InvalidInputException("The rule for '" + prefix + "' would exceed the maximum of " + MAX_RULES
                        + " rules; remove another rule, or set one for a shorter prefix");
            }
            scope.time().setRule(rule);
        });
    }

    @Override
    public void removeRule(String prefix) {
        Arguments.required(prefix, "prefix");
        parts.queue().submit(scope -> scope.time().removeRule(prefix));
    }

    @Override
    public void setClaimAge(Duration age) {
        Arguments.required(age, "age");
        if (age.isNegative() || age.compareTo(LONGEST_AGE) > 0) {
            throw new InvalidInputException(
                    "The age of claims to keep is " + age + "; it must be from zero to " + LONGEST_AGE);
        }
        parts.queue().change(scope -> scope.time().setClaimRule(age, agent));
    }

    @Override
    public void removeClaimAge() {
        parts.queue().change(scope -> scope.time().removeClaimRule());
    }

    @Override
    public Optional<Duration> claimAge() {
        return parts.reads().read(session -> new TimeTables(session).claimRule());
    }

    @Override
    public PruneReport apply() {
        List<RetentionRule> rules = rules();
        long versions = 0;
        long events = 0;
        for (RetentionRule rule : rules) {
            long cutoff = cutoff(rule.keep());
            versions += walk(rule, rules, cutoff, false);
            events += walk(rule, rules, cutoff, true);
        }
        long claims = claimAge()
                .map(age -> parts.trimmer().claims(parts.queue().submit(scope -> scope.placeBefore(age))))
                .orElse(0L);
        return new PruneReport(versions, events, claims, giveBack());
    }

    /** Returns the last sequence that is certainly as old as the age of a rule; the maximum if the rule has no age. */
    private long cutoff(RetentionPolicy keep) {
        return keep.age()
                .map(age -> parts.queue().submit(scope -> scope.placeBefore(age)))
                .orElse(Long.MAX_VALUE);
    }

    private long walk(RetentionRule rule, List<RetentionRule> rules, long cutoff, boolean streams) {
        Pruner trimmer = parts.trimmer();
        long trimmed = 0;
        String from = rule.prefix();
        while (true) {
            String next = from;
            List<Extent> page = parts.reads().read(session -> {
                TimeTables tables = new TimeTables(session);
                return streams
                        ? tables.trimmableStreams(rule.prefix(), next, PAGE)
                        : tables.trimmable(rule.prefix(), next, PAGE);
            });
            List<Extent> own = page.stream()
                    .filter(extent -> counts(rule, rules, extent.name()))
                    .toList();
            trimmed += streams ? trimmer.streams(own, rule.keep(), cutoff) : trimmer.keys(own, rule.keep(), cutoff);
            if (page.size() < PAGE) {
                return trimmed;
            }
            // Names have no control characters, so no name sorts between a name and this.
            from = page.get(page.size() - 1).name() + '\u0001';
        }
    }

    /** Returns whether a rule applies to a name, because no rule has a longer prefix of it. */
    private static boolean counts(RetentionRule rule, List<RetentionRule> rules, String name) {
        return rules.stream()
                .noneMatch(
                        other -> other.prefix().length() > rule.prefix().length() && name.startsWith(other.prefix()));
    }

    private long giveBack() {
        long before = freePages();
        long free = before;
        while (free > SPARE_PAGES) {
            int piece = (int) Math.min(PAGES, free - SPARE_PAGES);
            parts.queue().change(scope -> {
                scope.writesMore(2 * piece);
                scope.time().giveBack(piece);
            });
            long now = freePages();
            // A file that keeps its pages returns none.
            if (now >= free) {
                break;
            }
            free = now;
        }
        return Math.max(0, before - free);
    }

    private long freePages() {
        return parts.reads().read(session -> new TimeTables(session).freePages());
    }

    @Override
    public AutoCloseable applyEvery(Duration every) {
        Arguments.required(every, "every");
        if (every.compareTo(Duration.ofMillis(1)) < 0 || every.compareTo(LONGEST_PAUSE) > 0) {
            throw new InvalidInputException(
                    "The interval between runs is " + every + "; it must be from 1 ms to 365 days; 1 minute is usual");
        }
        return parts.tasks().every("fencepost-retention", every, this::runOnce);
    }

    private void runOnce() {
        PruneReport trimmed = apply();
        LOG.debug("Retention pruned {}", trimmed);
    }
}
