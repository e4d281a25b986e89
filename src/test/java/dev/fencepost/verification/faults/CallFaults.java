package dev.fencepost.verification.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fencepost.CommitOutcome;
import dev.fencepost.Store;
import dev.fencepost.verification.faults.LibcShim.Call;
import dev.fencepost.verification.faults.LibcShim.Error;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** System calls that fail in the middle of every kind of commit. */
final class CallFaults {
    private static final String LOG = "a.db-wal";

    private CallFaults() {}

    static void noRoom(FaultEnvironment scene) {
        everyCommit(scene, Call.WRITE, Error.ENOSPC, List.of(0, 1, 2), -1);
    }

    static void writesFail(FaultEnvironment scene) {
        everyCommit(scene, Call.WRITE, Error.EIO, List.of(0, 2), -1);
    }

    static void forcesFail(FaultEnvironment scene) {
        everyCommit(scene, Call.FORCE, Error.EIO, List.of(0), -1);
    }

    static void aForceFails(FaultEnvironment scene) {
        everyCommit(scene, Call.FORCE, Error.EIO, List.of(0), 1);
    }

    static void shortWrites(FaultEnvironment scene) {
        LibcShim shim = LibcShim.in(scene.folder);
        FaultWorker doer = scene.doer(shim.environment());
        Round round = new Round(scene, doer);
        shim.halve(Error.NONE, "");
        for (CommitKind deed : CommitKind.values()) {
            round.succeeds(deed);
        }
        assertThat(shim.hits()).isPositive();
        shim.calm();
        round.end();
    }

    static void tornWrites(FaultEnvironment scene) {
        LibcShim shim = LibcShim.in(scene.folder);
        Round round = new Round(scene, scene.doer(shim.environment()));
        for (CommitKind deed : CommitKind.values()) {
            round.fails(deed, shim, () -> shim.halve(Error.ENOSPC, LOG));
            round.succeeds(deed);
        }
        round.end();
    }

    /**
     * Lets the fault hit each of these calls in each kind of commit. After the fault, the same store must work again.
     */
    private static void everyCommit(FaultEnvironment scene, Call call, Error error, List<Integer> skips, int times) {
        LibcShim shim = LibcShim.in(scene.folder);
        Round round = new Round(scene, scene.doer(shim.environment()));
        for (int skip : skips) {
            for (CommitKind deed : CommitKind.values()) {
                round.fails(deed, shim, () -> shim.fail(call, error, LOG, skip, times));
                round.succeeds(deed);
            }
        }
        round.end();
    }

    /** Kills the process while its fsync fails. Its last commit must then be in the log as a whole or not at all. */
    static void forcesFailAndTheProcessDies(FaultEnvironment scene) {
        LibcShim shim = LibcShim.in(scene.folder);
        int n = 0;
        for (CommitKind deed : List.of(CommitKind.PUT, CommitKind.SEVERAL_KEYS, CommitKind.EVENT)) {
            FaultWorker doer = scene.doer(shim.environment());
            n++;
            assertThat(doer.ask("put a " + n).isDone()).isTrue();
            shim.fail(Call.FORCE, Error.EIO, LOG, 0, -1);
            FaultWorker.Answer answer = scene.note(doer.attempt(deed, n));
            doer.kill();
            shim.calm();
            assertThat(answer.code()).isEqualTo("unknown-outcome");
            try (Store store = Store.open(scene.file)) {
                CommitOutcome outcome = store.outcome(FaultWorker.commit(answer.rest()));
                assertThat(outcome == CommitOutcome.APPLIED)
                        .as("%s: %s", deed, outcome)
                        .isEqualTo(deed.landed(store, n));
            }
            scene.assertGoesOn("" + n);
        }
    }

    /** The attempts so far, and the expected state at the end. */
    private static final class Round {
        private final FaultEnvironment scene;
        private final FaultWorker doer;
        private final Map<CommitKind, List<Integer>> landed = new EnumMap<>(CommitKind.class);
        private final Map<CommitKind, List<Integer>> refused = new EnumMap<>(CommitKind.class);
        private int next;

        Round(FaultEnvironment scene, FaultWorker doer) {
            this.scene = scene;
            this.doer = doer;
            assertThat(doer.ask("open").isDone()).isTrue();
            assertThat(doer.ask("put a 1").isDone()).isTrue();
        }

        void succeeds(CommitKind deed) {
            int n = next++;
            assertThat(doer.prepare(deed, n).code()).as("%s", deed).isEqualTo("done");
            FaultWorker.Answer answer = doer.attempt(deed, n);
            assertThat(answer.code()).as("%s: %s", deed, answer.rest()).isEqualTo("done");
            note(landed, deed, n);
        }

        void fails(CommitKind deed, LibcShim shim, Runnable fault) {
            int n = next++;
            assertThat(doer.prepare(deed, n).code()).as("%s", deed).isEqualTo("done");
            fault.run();
            FaultWorker.Answer answer = scene.note(doer.attempt(deed, n));
            shim.calm();
            assertThat(shim.hits()).as("%s was not disturbed", deed).isPositive();
            boolean there = deed.isSeen() && doer.landed(deed, n);
            if (answer.isDone()) {
                assertThat(there || !deed.isSeen())
                        .as("%s was acknowledged", deed)
                        .isTrue();
            } else if (answer.code().equals("unknown-outcome")) {
                FaultWorker.Answer outcome = doer.ask("outcome " + answer.rest().split(" ", 2)[0]);
                if (deed.isSeen()) {
                    assertThat(outcome.rest()).as("%s", deed).isEqualTo(there ? "APPLIED" : "NOT_APPLIED");
                }
            } else {
                assertThat(there).as("%s was refused: %s", deed, answer.rest()).isFalse();
            }
            note(there ? landed : refused, deed, n);
        }

        private static void note(Map<CommitKind, List<Integer>> where, CommitKind deed, int n) {
            where.computeIfAbsent(deed, any -> new ArrayList<>()).add(n);
        }

        /**
         * Kills the process and opens the file in this one. All acknowledged commits must be there, and no refused one.
         */
        void end() {
            doer.kill();
            try (Store store = Store.open(scene.file)) {
                landed.forEach((deed, all) -> all.forEach(n -> {
                    assertThat(deed.landed(store, n)).as("%s %s", deed, n).isTrue();
                }));
                refused.forEach((deed, all) -> all.stream()
                        .filter(n -> deed.isSeen() && !deed.comesLater())
                        .forEach(n -> assertThat(deed.landed(store, n))
                                .as("%s %s", deed, n)
                                .isFalse()));
                assertThat(store.check().findings()).isEmpty();
            }
        }
    }
}
