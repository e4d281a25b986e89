package dev.fencepost.cli;

import dev.fencepost.ClaimToken;
import dev.fencepost.Store;
import dev.fencepost.saga.StepTask;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(name = "report", header = "Report the outcome of a claimed task.")
final class SagaReportCommand implements Callable<Integer> {
    /** The meaning of two outcomes, which {@code saga record} shares. */
    static final String FAILURES = "failed: it was not executed, and can be retried; refused: it was not executed, and"
            + " a retry is useless";

    private final RootCommand root;

    /** The outcome of a task. */
    enum Outcome {
        DONE,
        FAILED,
        REFUSED
    }

    @Parameters(index = "0", paramLabel = "TOKEN", description = "The token that take printed.")
    private String token = "";

    @Parameters(index = "1", paramLabel = "OUTCOME", description = "done; " + FAILURES + ".")
    private Outcome outcome = Outcome.DONE;

    @Parameters(
            index = "2",
            arity = "0..1",
            paramLabel = "OUTPUT",
            description = "The output of the step, or the reason why it failed or was refused.")
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
