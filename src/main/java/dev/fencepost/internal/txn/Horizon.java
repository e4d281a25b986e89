package dev.fencepost.internal.txn;

import dev.fencepost.StoreRefusedException;
import dev.fencepost.StoreRefusedException.Door;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;

/**
 * The furthest that this process has seen in the order of the store. A file that ends before it has lost commits: its
 * write-ahead log was removed or damaged, or an older copy took its place. SQLite cannot tell; this can.
 */
public final class Horizon {
    private final AtomicLong seen = new AtomicLong();

    /**
     * Looks how far the store reaches, and refuses to go on if that is less than was seen before.
     *
     * @param lastSequence asks the file; must be called after what was seen before has been noted
     */
    public long look(LongSupplier lastSequence) {
        return look(lastSequence::getAsLong, Long::longValue);
    }

    /**
     * As {@link #look(LongSupplier)}, for who asks the file for more.
     *
     * @param question asks the file; must be called after what was seen before has been noted
     * @param lastSequence how far the store reaches, by the answer
     */
    <A> A look(Supplier<A> question, ToLongFunction<A> lastSequence) {
        long before = seen.get();
        A answer = question.get();
        long now = lastSequence.applyAsLong(answer);
        if (now < before) {
            throw new StoreRefusedException(
                    Door.HISTORY_WENT_BACK,
                    "This process has seen commit " + before + ", but the file ends with commit " + now
                            + ": its log was removed, or it was replaced by an older copy. Stop all processes, keep a copy of"
                            + " the file, and find out who did it",
                    null);
        }
        note(now);
        return answer;
    }

    /** The furthest that was seen so far; 0 if nothing was. */
    public long seen() {
        return seen.get();
    }

    /** Notes that a commit of this sequence is in the file. */
    void note(long sequence) {
        seen.accumulateAndGet(sequence, Math::max);
    }
}
