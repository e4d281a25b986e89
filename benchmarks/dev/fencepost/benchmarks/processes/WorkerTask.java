package dev.fencepost.benchmarks.processes;

/** What one process of an experiment does. Made in that process, by its constructor without arguments. */
interface WorkerTask {
    /**
     * Prepares, passes the gate once, works, and says what came of it. Whatever it throws ends the process, and fails the
     * experiment.
     */
    Report work(Settings settings, Gate gate) throws Exception;
}
