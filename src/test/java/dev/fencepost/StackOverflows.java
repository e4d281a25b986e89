package dev.fencepost;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

/** Overflows the stack in uses of a store, repeatedly, and checks each time that others can go on. */
public final class StackOverflows {
    private static final Key<String> PLAN = Key.text("plans/launch");
    private static final int LEAST_STEP = 7;
    private static final int MOST_STEP = 67;
    private static final int STACK_BYTES = 256 * 1024;

    private StackOverflows() {}

    /** Runs all overflows, and ends with an error if one did harm. */
    public static void main(String[] args) throws InterruptedException, SQLException {
        Path file = Path.of(args[0]);
        StoreConfig config = StoreConfig.of(file)
                .withDurability(Durability.PROCESS_DEATH)
                .withMappedWalIndex(Boolean.parseBoolean(args[1]));
        try (Store store = Store.open(config)) {
            Agent agent = store.agent("a");
            useClassesOfErrors(file);
            lookAfter(store, agent);
            for (int step = LEAST_STEP; step < MOST_STEP; step++) {
                overflow(use(store, agent, step), step);
                lookAfter(store, agent);
            }
        }
    }

    /**
     * Loads classes of errors first: a class whose first use overflows is lost to the process, which is not tested
     * here.
     */
    private static void useClassesOfErrors(Path file) throws SQLException {
        try {
            SqlPrompt.run(file, "no SQL");
        } catch (SQLException e) {
            if (e.getErrorCode() < 0) {
                throw e;
            }
        }
    }

    private static Runnable use(Store store, Agent agent, int step) {
        return switch (step % 3) {
            case 0 -> () -> store.list(Prefix.text("plans/"));
            case 1 -> () -> store.get(PLAN);
            default -> () -> agent.put(PLAN, "deep").orThrow();
        };
    }

    private static void overflow(Runnable use, int every) throws InterruptedException {
        AtomicReference<Optional<Throwable>> thrown = new AtomicReference<>(Optional.empty());
        Thread deep = new Thread(null, () -> descend(use, 1, every), "deep", STACK_BYTES);
        deep.setUncaughtExceptionHandler((thread, e) -> thrown.set(Optional.of(e)));
        deep.start();
        deep.join();
        Throwable overflow = thrown.get().orElseThrow();
        if (!(overflow instanceof StackOverflowError)) {
            throw new AssertionError("not an overflow", overflow);
        }
        if (Stream.of(overflow.getStackTrace()).anyMatch(StackOverflows::isOfDatabase)) {
            throw new AssertionError("it may have left a statement in the middle", overflow);
        }
    }

    private static boolean isOfDatabase(StackTraceElement frame) {
        return frame.getClassName().startsWith("org.sqlite.")
                || frame.getClassName().startsWith("org.jdbi.");
    }

    private static int descend(Runnable use, int depth, int every) {
        if (depth % every == 0) {
            use.run();
        }
        return descend(use, depth + 1, every) + 1;
    }

    private static void lookAfter(Store store, Agent agent) {
        agent.put(PLAN, "after").orThrow();
        if (!store.get(PLAN).orElseThrow().value().equals("after")
                || store.list(Prefix.text("plans/")).size() != 1) {
            throw new AssertionError("the store does not go on as before");
        }
    }
}
