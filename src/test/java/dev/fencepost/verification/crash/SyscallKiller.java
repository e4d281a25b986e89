package dev.fencepost.verification.crash;

import dev.fencepost.testing.ExternalProgram;
import java.util.List;
import java.util.Random;

/** Kills a process immediately before one of its system calls. It needs a tracer. */
public final class SyscallKiller {
    private record Call(String name, int most) {}

    // Calls are counted per thread; the thread that opens the store makes some tens of each.
    private static final List<Call> CALLS = List.of(
            new Call("pwrite64", 150),
            new Call("pwrite64", 40),
            new Call("fsync", 8),
            new Call("ftruncate", 4),
            new Call("fcntl", 120),
            new Call("unlink", 4));

    private SyscallKiller() {}

    /** Tells whether the tracer is installed. */
    public static boolean possible() {
        return ExternalProgram.succeeds("strace", "-V");
    }

    /** Returns the beginning of the command line of such a process; its last word names the call. */
    static String[] any(Random random) {
        Call call = CALLS.get(random.nextInt(CALLS.size()));
        int when = 1 + random.nextInt(call.most());
        return new String[] {
            "strace",
            "-f",
            "-qq",
            "-o",
            "/dev/null",
            "-e",
            "trace=" + call.name(),
            "-e",
            "inject=" + call.name() + ":signal=KILL:when=" + when
        };
    }

    /** Returns the name of the call at which the process is killed. */
    static String call(String[] command) {
        return command[command.length - 1].split("[=:]")[1];
    }
}
