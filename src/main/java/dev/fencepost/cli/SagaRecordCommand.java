package dev.fencepost.cli;

import dev.fencepost.ClaimToken;
import dev.fencepost.Store;
import dev.fencepost.saga.ManualSaga;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(name = "record", header = "Report the outcome of a step of a manual saga.")
final class SagaRecordCommand implements Callable<Integer> {
    private final RootCommand root;

    /** The outcome of a step. */
    enum Outcome {
        STARTED,
        DONE,
        FAILED,
        REFUSED,
        UNDONE
    }

    @Parameters(index = "0", paramLabel = "TOKEN", description = "The token that begin printed.")
    private String token = "";

    @Parameters(
            index = "1",
            paramLabel = "OUTCOME",
            description = "started: the step, or its compensation, is about to run; done; " + SagaReportCommand.FAILURES
                    + "; undone: the step was compensated.")
    private Outcome outcome = Outcome.DONE;

    @Parameters(index = "2", paramLabel = "STEP", description = "The step.")
    private String step = "";

    @Parameters(
            index = "3",
            arity = "0..1",
            paramLabel = "TEXT",
            description = "The output of the step, or the reason why it failed or was refused.")
    private String text = "";

    SagaRecordCommand(RootCommand root) {
        this.root = root;
    }

    @Override
    public Integer call() throws NotFoundException {
        ClaimToken wanted = new ClaimToken(token);
        try (Store store = root.openExisting()) {
            ManualSaga saga = root.agent(store).sagas().resumeManual(wanted);
            switch (outcome) {
                case STARTED -> saga.started(step);
                case DONE -> saga.done(step, text);
                case FAILED -> saga.failed(step, text);
                case REFUSED -> saga.refused(step, text);
                case UNDONE -> saga.compensated(step);
            }
            root.output()
                    .print(
                            SagaJson.reported(saga),
                            saga.id() + ": " + saga.state().word());
            return Exit.DONE;
        }
    }
}
