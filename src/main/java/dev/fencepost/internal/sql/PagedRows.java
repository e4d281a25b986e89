package dev.fencepost.internal.sql;

import dev.fencepost.Page;
import dev.fencepost.ResultTooLargeException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;

/**
 * Reads rows within {@link Bounds}, each page by one statement and so from one snapshot of the file. The statement ends
 * with {@code LIMIT ?}, and its column {@code bytes} is the length of the texts of the row. A text is only read if it
 * fits.
 */
final class PagedRows<T> {
    private final RowMapper<T> mapper;
    private final Bounds bounds;
    private final List<T> rows = new ArrayList<>();
    private int count;
    private long bytes;
    private boolean more;

    private PagedRows(RowMapper<T> mapper, Bounds bounds) {
        this.mapper = mapper;
        this.bounds = bounds;
    }

    static <T> Page<T> read(Session session, String sql, Bounds bounds, RowMapper<T> mapper, @Nullable Object... args) {
        PagedRows<T> first = new PagedRows<>(mapper, bounds.firstPage());
        session.whileTaken(sql, first::take, first.arguments(args));
        if (!first.more || bounds.whole().isEmpty()) {
            return Page.of(first.rows, first.more);
        }
        // A list that does not fit is refused before more of its text is in memory.
        PagedRows<T> measured = new PagedRows<>(mapper, bounds);
        session.whileTaken(sql, measured::measure, measured.arguments(args));
        measured.refuseMore(bounds.whole().get());
        first.rows.clear();
        PagedRows<T> whole = new PagedRows<>(mapper, bounds);
        session.whileTaken(sql, whole::take, whole.arguments(args));
        // It may have grown since it was measured.
        whole.refuseMore(bounds.whole().get());
        return Page.of(whole.rows, false);
    }

    /** Returns the arguments, and that of the LIMIT: one row more than fits tells that there are more. */
    private @Nullable Object[] arguments(@Nullable Object... args) {
        @Nullable Object[] all = Arrays.copyOf(args, args.length + 1);
        all[args.length] = bounds.entries() + 1;
        return all;
    }

    private boolean take(ResultSet rs, StatementContext ctx) throws SQLException {
        boolean fits = measure(rs, ctx);
        if (fits) {
            rows.add(mapper.map(rs, ctx));
        }
        return fits;
    }

    /** Counts a row if it fits; returns whether it does. */
    private boolean measure(ResultSet rs, StatementContext ctx) throws SQLException {
        long length = rs.getLong("bytes");
        more = count == bounds.entries() || (count > 0 && bytes + length > bounds.bytes());
        if (!more) {
            count++;
            bytes += length;
        }
        return !more;
    }

    private void refuseMore(Listing list) {
        if (more) {
            String size = count == bounds.entries() ? count + " entries" : bounds.bytes() + " bytes of text";
            throw new ResultTooLargeException(list.what() + " has more than " + size
                    + "; a list that is not read in pages has at most " + bounds.entries() + " entries and "
                    + bounds.bytes() + " bytes of text. Read it in pages: " + list.pages());
        }
    }
}
