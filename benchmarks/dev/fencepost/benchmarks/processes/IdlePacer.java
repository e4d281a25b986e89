package dev.fencepost.benchmarks.processes;

/** Does nothing at the pace of {@link ReadsValues}, which costs CPU time too. */
final class IdlePacer implements WorkerTask {
    @Override
    public Report work(Settings settings, Gate gate) throws Exception {
        return TimedLoop.run(settings, gate, window -> {});
    }
}
