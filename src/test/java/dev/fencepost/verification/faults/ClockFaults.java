package dev.fencepost.verification.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fencepost.Change;
import dev.fencepost.Store;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Jumps of the wall clock of one live process. */
final class ClockFaults {
    private static final Duration HOURS = Duration.ofHours(5);

    private ClockFaults() {}

    /** Moves a clock ahead. The process then considers the other process's lease expired. */
    static void ahead(FaultEnvironment scene) {
        LibcShim shim = LibcShim.in(scene.folder);
        FaultWorker holder = scene.doer(Map.of());
        FaultWorker jumping = scene.doer(shim.environment());
        assertThat(holder.ask("put a 1").isDone()).isTrue();
        assertThat(holder.ask("claim a")).isEqualTo(new FaultWorker.Answer("done", "1"));
        assertThat(jumping.ask("claim a").code()).isEqualTo("claimed");
        shim.shiftClock(HOURS);
        assertThat(jumping.ask("claim a")).isEqualTo(new FaultWorker.Answer("done", "3"));
        assertThat(scene.note(holder.ask("put-under-claim a late")).isDone()).isFalse();
        assertThat(jumping.ask("put-under-claim a 2").rest()).isEqualTo("2");
        assertThat(holder.ask("put b 1").isDone()).isTrue();
        jumping.kill();
        assertOrder(scene);
    }

    /**
     * Moves a clock back. The process then extends its lease by its own clock, and the others respect the lease until
     * it expires by theirs.
     */
    static void back(FaultEnvironment scene) {
        LibcShim shim = LibcShim.in(scene.folder);
        FaultWorker jumping = scene.doer(shim.environment());
        FaultWorker other = scene.doer(Map.of());
        assertThat(jumping.ask("put a 1").isDone()).isTrue();
        assertThat(jumping.ask("claim a").isDone()).isTrue();
        shim.shiftClock(HOURS.negated());
        assertThat(jumping.ask("put-under-claim a 2").rest()).isEqualTo("2");
        assertThat(scene.note(other.ask("claim a")).isDone()).isFalse();
        shim.shiftClock(Duration.ZERO);
        jumping.kill();
        assertOrder(scene);
    }

    private static void assertOrder(FaultEnvironment scene) {
        try (Store store = Store.open(scene.file)) {
            List<Change<String>> history = store.history().of(FaultEnvironment.A);
            assertThat(history).extracting(change -> change.stamp().version()).containsExactlyInAnyOrder(1L, 2L);
            assertThat(store.check().findings()).isEmpty();
        }
        scene.assertGoesOn("2");
    }
}
