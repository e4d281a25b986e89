package dev.fencepost.verification.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.fencepost.FencepostException;
import dev.fencepost.Key;
import dev.fencepost.Store;
import dev.fencepost.file.TestMounts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** The environment of one fault: a folder, the processes in it, and the errors that occurred. Not thread-safe. */
final class FaultEnvironment implements AutoCloseable {
    static final Key<String> A = Key.text("a");

    final Path folder;
    final Path file;
    private final TestMounts mounts = new TestMounts();
    private final Set<String> errors = new TreeSet<>();
    private final Deque<FaultWorker> open = new ArrayDeque<>();

    FaultEnvironment(Path folder) {
        this.folder = folder;
        this.file = folder.resolve("a.db");
    }

    TestMounts mounts() {
        return mounts;
    }

    /** Returns the codes of all errors that occurred. */
    Set<String> errors() {
        return errors;
    }

    /** Creates a store with one acknowledged value, and closes it. */
    Path makeStore() {
        try (Store store = Store.open(file)) {
            store.agent("planner").put(A, "1").orThrow();
        }
        return file;
    }

    /** Starts another process on the file. */
    FaultWorker doer(Map<String, String> environment) {
        FaultWorker doer = new FaultWorker(file, environment);
        open.push(doer);
        return doer;
    }

    /** Runs a call that must fail with an error of this library. */
    FencepostException fails(ThrowingCallable call) {
        Throwable thrown = catchThrowable(call);
        assertThat(thrown).isInstanceOf(FencepostException.class);
        FencepostException failure = (FencepostException) thrown;
        errors.add(FaultWorker.code(failure));
        return failure;
    }

    /** Records an answer of another process if it is an error. */
    FaultWorker.Answer note(FaultWorker.Answer answer) {
        if (!answer.isDone()) {
            errors.add(answer.code());
        }
        return answer;
    }

    /** Asserts that the store opens, holds this value, accepts another one and is intact. */
    void assertGoesOn(String value) {
        try (Store store = Store.open(file)) {
            assertThat(store.get(A).orElseThrow().value()).isEqualTo(value);
            long before = store.get(A).orElseThrow().version();
            assertThat(store.agent("planner").put(A, value).orThrow().version()).isEqualTo(before + 1);
            assertThat(store.check().findings()).isEmpty();
        }
    }

    /** Flips some bits of a file that no process has open. */
    static void flip(Path file, long at, int length) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        for (int i = 0; i < length; i++) {
            bytes[(int) at + i] ^= 0x15;
        }
        Files.write(file, bytes);
    }

    @Override
    public void close() {
        try {
            while (!open.isEmpty()) {
                open.pop().close();
            }
        } finally {
            mounts.close();
        }
    }
}
