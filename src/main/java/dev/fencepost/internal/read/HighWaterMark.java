package dev.fencepost.internal.read;

import dev.fencepost.UnusableStoreException;
import dev.fencepost.UnusableStoreException.Reason;
import dev.fencepost.internal.sql.CommitIdentity;
import dev.fencepost.internal.sql.Tip;
import dev.fencepost.internal.sql.VersionTables;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

/**
 * The newest commit that this store has seen in its file, by its identity: the process that made it, and the ordinal
 * that the process gave it. A file that does not have this commit has lost it: its write-ahead log was removed or
 * damaged, or another copy took its place. The sequence alone would not show that, since a copy can grow as far as the
 * lost history had grown.
 *
 * <p>Every read and every write asks the file for that commit. Once a newer commit is found in the same file, it is
 * noted as seen. So all commits that were ever noted belong to one history. Safe for use by many threads. Model-checked
 * in {@code specs/LostHistory.tla}.
 */
public final class HighWaterMark {
    private final AtomicReference<CommitIdentity> value = new AtomicReference<>(Tip.EMPTY);

    /**
     * Asks the file for its newest commit, and notes it.
     *
     * @return the end of the file's history
     * @throws UnusableStoreException if the file does not have the commit that was seen last
     */
    public Tip observe(VersionTables values) {
        return observe(values::tip);
    }

    /** Asks the file for its newest commit, and notes it; see {@link #observe(VersionTables)}. */
    Tip observe(Asks file) {
        return observe(file, file::tip, Function.identity());
    }

    /**
     * Refuses a file that does not have the commit that was seen last. Notes no newer commit.
     *
     * @throws UnusableStoreException if the file does not have it
     */
    void verify(VersionTables values) {
        CommitIdentity before = newest();
        refuseUnlessContinued(values.tip(before), before);
    }

    /**
     * Asks the file a question that includes its newest commit, and notes that commit.
     *
     * @param values asks the same file again, where another thread noted a commit in the meantime
     * @param question asks the file, with the commit that was seen last
     * @param tip the newest commit, by the answer
     * @throws UnusableStoreException if the file does not have the commit that was seen last
     */
    <A> A observe(Asks values, Function<CommitIdentity, A> question, Function<A, Tip> tip) {
        CommitIdentity before = newest();
        A answer = question.apply(before);
        Tip found = tip.apply(answer);
        refuseUnlessContinued(found, before);
        note(before, found.newest(), values);
        return answer;
    }

    /** Asks the file for its newest commit, and whether it has another one. */
    public interface Asks {
        Tip tip(CommitIdentity seen);
    }

    /**
     * Notes a commit that was found, or made, in a file that has the commit {@code before}. If another thread has noted
     * one in the meantime, both must be in the file: each was found beside {@code before}, but perhaps in different
     * files.
     */
    public void note(CommitIdentity before, CommitIdentity newest, Asks values) {
        while (true) {
            CommitIdentity current = newest();
            if (!current.equals(before) && !current.equals(newest)) {
                refuseUnlessContinued(values.tip(current), current);
                refuseUnlessContinued(values.tip(newest), newest);
            }
            if (newest.sequence() <= current.sequence() || value.compareAndSet(current, newest)) {
                return;
            }
        }
    }

    private static void refuseUnlessContinued(Tip found, CommitIdentity seen) {
        if (!found.continues()) {
            throw new UnusableStoreException(
                    Reason.HISTORY_WENT_BACK,
                    "This process has seen commit " + named(seen) + ", but the file ends with commit "
                            + named(found.newest())
                            + " and lacks it. The log of the file was removed, or another copy replaced the file. Stop"
                            + " all processes, keep a copy of the file, and find the cause",
                    null);
        }
    }

    private static String named(CommitIdentity commit) {
        return commit.sequence() + " (number " + commit.ordinal() + " of process " + commit.process() + ")";
    }

    /** Returns the newest commit that was seen so far; {@link Tip#EMPTY} if none was. */
    CommitIdentity newest() {
        return Objects.requireNonNull(value.get(), "seen");
    }

    /** Returns the sequence of the newest commit that was seen so far; 0 if none was. */
    public long value() {
        return newest().sequence();
    }
}
