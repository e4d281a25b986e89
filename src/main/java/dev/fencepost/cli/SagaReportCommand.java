package dev.fencepost.cli;

import dev.fencepost.ClaimToken;
import dev.fencepost.StepTask;
import dev.fencepost.Store;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(name = "report", header = "Say what became of work that was taken.")
final class SagaReportCommand implements Callable<Integer> {
    /** The meaning of two outcomes, which {@code saga record} shares. */
    static final String FAILURES = "failed: it did not happen, but the next attempt may; refused: it did not happen,"
            + " and will not however often it is tried";

    private final RootCommand root;

    /** The outcome of a task. */
    enum Outcome {
        DONE,
        FAILED,
        REFUSED
    }

    @Parameters(index = "0", paramLabel = "TOKEN", description = "What take printed.")
    private String token = "";

    @Parameters(index = "1", paramLabel = "OUTCOME", description = "done; " + FAILURES + ".")
    private Outcome outcome = Outcome.DONE;

    @Parameters(
            index = "2",
            arity = "0..1",
            paramLabel = "OUTPUT",
            description = "What it gave, or why it failed or was refused.")
    private String output = "";

    SagaReportCommand(RootCommand root) {
        this.root = root;
    }

    @Override
    public Integer call() throws NotFoundException {
        ClaimToken wanted = new ClaimToken(token);
        try (Store store = root.openExisting()) {
            StepTask work = root.agent(store).sagas().resumeTask(wanted);
            switch (outcome) {
                case DONE -> work.done(output);
                case FAILED -> work.failed(output);
                case REFUSED -> work.refused(output);
            }
            root.output().print(SagaJson.work(work), "Reported: " + work);
            return Exit.DONE;
        }
    }
}
