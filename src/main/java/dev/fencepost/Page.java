package dev.fencepost;

import java.util.AbstractList;
import java.util.List;
import java.util.Optional;
import java.util.RandomAccess;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A page of a longer list: its entries in order, and whether more follow. A page ends after the requested number of
 * entries, or earlier, if the next text does not fit into {@link #MAX_BYTES}. It is empty only at the end of the list.
 *
 * <pre>{@code
 * String after = "";
 * Page<Versioned<String>> page;
 * do {
 *     page = store.list(Prefix.text("plans/"), after, 1_000);
 *     for (Versioned<String> plan : page) {
 *         after = plan.key().name();
 *     }
 * } while (page.more());
 * }</pre>
 *
 * <p>Each page is read from one consistent state of the store. Two pages of a {@link Store} can be from two states.
 * An entry that existed all the time appears once; one that was added or removed in between may appear or not. All
 * pages of a {@link Snapshot} or a {@link Transaction} are from the same state.
 *
 * <p>Cannot be modified. Safe for use by many threads, if its entries are.
 *
 * @param <T> the type of the entries
 */
public final class Page<T> extends AbstractList<T> implements RandomAccess {
    /** The largest number of entries of a page, and of a list that is read as a whole. */
    public static final int MAX_ENTRIES = 10_000;

    /** The most text in a page, in bytes of UTF-8: 8 MiB. A single longer text is a page by itself. */
    public static final long MAX_BYTES = 8L * 1024 * 1024;

    /** The most text in a list that is read as a whole, in bytes of UTF-8: 64 MiB. */
    public static final long MAX_LIST_BYTES = 64L * 1024 * 1024;

    private final List<T> entries;
    private final boolean more;

    private Page(List<T> entries, boolean more) {
        this.entries = entries;
        this.more = more;
    }

    /**
     * Creates a page.
     *
     * @param entries in order; copied
     * @param more true if entries follow after these
     */
    public static <T> Page<T> of(List<? extends T> entries, boolean more) {
        return new Page<>(List.copyOf(entries), more);
    }

    /** Returns whether more entries follow the last of these. */
    public boolean more() {
        return more;
    }

    /** Returns the last entry, after which the next page begins; empty if the page is empty. */
    public Optional<T> last() {
        return entries.isEmpty() ? Optional.empty() : Optional.of(entries.get(entries.size() - 1));
    }

    /** Returns a page of the results of a function on each entry. */
    public <R> Page<R> map(Function<? super T, ? extends R> function) {
        return new Page<>(entries.stream().map(function).collect(Collectors.toUnmodifiableList()), more);
    }

    @Override
    public T get(int index) {
        return entries.get(index);
    }

    @Override
    public int size() {
        return entries.size();
    }
}
