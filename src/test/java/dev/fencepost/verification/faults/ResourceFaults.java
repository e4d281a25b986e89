package dev.fencepost.verification.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fencepost.verification.faults.LibcShim.Call;
import dev.fencepost.verification.faults.LibcShim.Error;

/** Missing resources: shared memory, file descriptors, reads of the log, and writes of the database file. */
final class ResourceFaults {
    private static final String FILE = "a.db";
    private static final String LOG = "a.db-wal";
    private static final String INDEX = "a.db-shm";

    private ResourceFaults() {}

    static void indexNotMapped(FaultEnvironment scene) {
        whileOpening(scene, Call.MAP, Error.ENOMEM, INDEX);
    }

    static void indexCannotGrow(FaultEnvironment scene) {
        whileOpening(scene, Call.WRITE, Error.ENOSPC, INDEX);
    }

    static void noDescriptors(FaultEnvironment scene) {
        whileOpening(scene, Call.OPEN, Error.EMFILE, FILE);
        whileOpening(scene, Call.OPEN, Error.ENFILE, LOG);
    }

    /** Lets a call fail while a process opens the store. The same process can open it after the fault. */
    private static void whileOpening(FaultEnvironment scene, Call call, Error error, String suffix) {
        scene.makeStore();
        LibcShim shim = LibcShim.in(scene.folder);
        FaultWorker doer = scene.doer(shim.environment());
        shim.fail(call, error, suffix, 0, -1);
        assertThat(scene.note(doer.ask("open")).isDone()).isFalse();
        assertThat(shim.hits()).isPositive();
        shim.calm();
        assertThat(doer.ask("get a").rest()).isEqualTo("1");
        assertThat(doer.ask("put b 2").code()).isEqualTo("done");
        assertThat(doer.ask("check").rest()).isEqualTo("[]");
        doer.close();
        scene.assertGoesOn("1");
    }

    static void logNotRead(FaultEnvironment scene) {
        LibcShim shim = LibcShim.in(scene.folder);
        FaultWorker writer = scene.doer(java.util.Map.of());
        FaultWorker reader = scene.doer(shim.environment());
        assertThat(writer.ask("put a 1").isDone()).isTrue();
        assertThat(reader.ask("get a").rest()).isEqualTo("1");
        assertThat(writer.ask("put a 2").isDone()).isTrue();
        shim.fail(Call.READ, Error.EIO, LOG, 0, -1);
        assertThat(scene.note(reader.ask("get a")).isDone()).isFalse();
        assertThat(scene.note(reader.ask("put a 3")).isDone()).isFalse();
        shim.calm();
        assertThat(reader.ask("get a").rest()).isEqualTo("2");
        assertThat(reader.ask("put a 4")).isEqualTo(new FaultWorker.Answer("done", "3"));
        reader.close();
        writer.close();
        scene.assertGoesOn("4");
    }

    /** Checkpoints run beside the commits. If they fail, the log grows and commits succeed. */
    static void fileNotWritten(FaultEnvironment scene) {
        checkpoints(scene, Call.WRITE, Error.ENOSPC);
    }

    static void fileNotForced(FaultEnvironment scene) {
        checkpoints(scene, Call.FORCE, Error.EIO);
    }

    private static void checkpoints(FaultEnvironment scene, Call call, Error error) {
        LibcShim shim = LibcShim.in(scene.folder);
        FaultWorker doer = scene.doer(shim.environment());
        assertThat(doer.ask("put a 0").isDone()).isTrue();
        shim.fail(call, error, FILE, 0, -1);
        int last = 0;
        while (shim.hits() == 0) {
            last++;
            assertThat(doer.ask("put-long a " + last).code()).isEqualTo("done");
        }
        assertThat(doer.ask("put a x").isDone()).isTrue();
        shim.calm();
        assertThat(doer.ask("put a " + last).isDone()).isTrue();
        assertThat(doer.ask("check").rest()).isEqualTo("[]");
        doer.kill();
        scene.assertGoesOn("" + last);
    }
}
