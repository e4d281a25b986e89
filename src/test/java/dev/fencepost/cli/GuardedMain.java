package dev.fencepost.cli;

import dev.fencepost.Claim;
import dev.fencepost.Key;
import dev.fencepost.Lease;
import dev.fencepost.Store;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/** A process that runs a command under a claim and reports each step on standard output. */
final class GuardedMain {
    private GuardedMain() {}

    /**
     * Runs the process. Arguments: the store, the file with the process IDs of the command, "hold" or "run", and the
     * command.
     */
    public static void main(String[] args) throws IOException {
        Path pids = Path.of(args[1]);
        List<String> command = List.of(args).subList(3, args.length);
        try (Store store = Store.open(Path.of(args[0]));
                GuardedCommand guarded = GuardedCommand.prepare(command, Map.of(), Duration.ofMillis(300));
                Claim claim = reporting(claim(store), pids)) {
            System.out.println("granted");
            if (args[2].equals("hold")) {
                holdUntilInterrupted();
            }
            GuardedCommand.Ending ending = guarded.run(claim);
            System.out.println(ending.notStarted().orElse("ended"));
        }
    }

    private static Claim claim(Store store) {
        return store.agent("holder")
                .claim(Key.text("a"), Lease.of(Duration.ofHours(1)))
                .orThrow();
    }

    /** Returns a claim that reports the number of running processes of the command on its release. */
    private static Claim reporting(Claim claim, Path pids) {
        return (Claim) Proxy.newProxyInstance(
                GuardedMain.class.getClassLoader(), new Class<?>[] {Claim.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("release") || method.getName().equals("close")) {
                        System.out.println("released with " + running(pids) + " running");
                    }
                    try {
                        return method.invoke(claim, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    static long running(Path pids) throws IOException {
        return processes(pids).stream().filter(GuardedMain::isRunning).count();
    }

    /** Kills the processes that a failed test left behind. */
    static void kill(Path pids) throws IOException {
        processes(pids).forEach(ProcessHandle::destroyForcibly);
    }

    private static List<ProcessHandle> processes(Path pids) throws IOException {
        List<String> lines = Files.exists(pids) ? Files.readAllLines(pids) : List.of();
        return lines.stream()
                .mapToLong(Long::parseLong)
                .mapToObj(ProcessHandle::of)
                .flatMap(Optional::stream)
                .toList();
    }

    /**
     * Tells whether a process runs. One that has ended stays in the process table until its parent reads its exit code.
     */
    private static boolean isRunning(ProcessHandle process) {
        Path stat = Path.of("/proc/" + process.pid() + "/stat");
        try {
            return process.isAlive()
                    && !(Files.exists(stat) && Files.readString(stat).contains(") Z "));
        } catch (IOException e) {
            return false;
        }
    }

    private static void holdUntilInterrupted() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
