package dev.fencepost.benchmarks.processes;

import dev.fencepost.testing.JvmLauncher;
import dev.fencepost.testing.WorkerProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A {@link WorkerTask} in a separate Java virtual machine, as the experiment sees it. {@link #close} ends the process.
 */
final class TaskProcess implements AutoCloseable {
    private final WorkerProcess process;

    private TaskProcess(WorkerProcess process) {
        this.process = process;
    }

    /**
     * Starts a process without waiting for it.
     *
     * @param folder the parent of its folder for temporary files
     * @param flags the options of the virtual machine, besides the class path
     */
    static TaskProcess start(Class<? extends WorkerTask> role, Settings settings, Path folder, List<String> flags) {
        List<String> arguments = new ArrayList<>(List.of(role.getName()));
        arguments.addAll(settings.words());
        return new TaskProcess(JvmLauncher.plain()
                .withOptions(flags)
                .withOptions("-Dslf4j.internal.verbosity=ERROR")
                // Libraries are unpacked there, and a killed process does not delete them.
                .withScratch(folder)
                .start(TaskMain.class, arguments.toArray(String[]::new)));
    }

    /** Waits until the process has reached the gate. */
    void awaitReady(Duration patience) {
        String said = process.answer(patience);
        if (!said.equals(Gate.READY)) {
            throw process.failure("said '" + said + "' instead of being ready");
        }
    }

    /** Opens the gate. */
    void go() {
        process.tell(Gate.GO);
    }

    /** Waits for the report. */
    Report report(Duration patience) {
        List<String> lines = new ArrayList<>();
        for (String line = process.answer(patience); !line.equals(Report.END); line = process.answer(patience)) {
            lines.add(line);
        }
        return Report.parse(lines);
    }

    /** Kills the process and waits for its end. */
    @Override
    public void close() {
        process.close();
    }
}
