package dev.fencepost.internal.util;

/**
 * Checks that the stack has room for a commit or a query before it begins.
 *
 * <p>A leader of a group commit whose stack overflowed could leave the leader's lock taken, or queued tasks without an
 * outcome. All callers would then wait without end, because one caller recursed too deeply. An interrupted statement
 * keeps its transaction open, so that its connection would keep reading an old snapshot.
 */
public final class StackGuard {
    /**
     * The number of stack frames to try. Each has at least 100 bytes, most of it for arguments that do not fit into
     * registers.
     */
    private static final int FRAMES = 200;

    private StackGuard() {}

    /** Throws {@link StackOverflowError} now, where it does no harm, if the stack has too little room. */
    public static void ensure() {
        if (descend(FRAMES, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12) == 0) {
            throw new AssertionError("a sum of positive numbers is positive");
        }
    }

    @SuppressWarnings("TooManyParameters") // they are what makes the frame large
    private static long descend(
            int frames,
            long a,
            long b,
            long c,
            long d,
            long e,
            long f,
            long g,
            long h,
            long i,
            long j,
            long k,
            long l) {
        return frames == 0
                ? a + b + c + d + e + f + g + h + i + j + k + l
                : descend(frames - 1, b, c, d, e, f, g, h, i, j, k, l, a);
    }
}
