package dev.fencepost.benchmarks.processes;

/** The task of one process of an experiment. The process creates it through its constructor without arguments. */
interface WorkerTask {
    /**
     * Runs the task: prepares, passes the gate once, works and reports. An exception ends the process and fails the
     * experiment.
     */
    Report work(Settings settings, Gate gate) throws Exception;
}
