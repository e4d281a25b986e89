package dev.fencepost.internal.util;

/**
 * Makes sure that the stack has room for a commit, or for a question to the file, before one begins. A leader whose stack
 * overflowed half-way could leave the leader's lock taken, or members that it took out of the queue without an outcome:
 * then everybody would wait for ever, because one caller recursed too deeply. And a statement that is left in the middle
 * keeps its transaction open: its connection would go on reading the file as it was then.
 */
public final class StackGuard {
    /** Each frame is at least 100 bytes, most of it for arguments that do not fit into registers. */
    private static final int FRAMES = 200;

    private StackGuard() {}

    /** Throws {@link StackOverflowError} now, where it does no harm, rather than later. */
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
