package dev.fencepost.cli;

import dev.fencepost.ClaimToken;
import dev.fencepost.Store;
import dev.fencepost.saga.ManualSaga;
import dev.fencepost.saga.ManualSaga.Next;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "next",
        header = "Print the next step of a manual saga.",
        description =
                "Prints @|bold do STEP|@ or @|bold compensate STEP|@, followed by @|bold in doubt|@ if it was started"
                        + " and not reported. Prints the state once the saga has ended: @|bold completed|@, @|bold"
                        + " compensated|@ or @|bold resolved|@. Exits with 6 if another agent resumed the saga and it"
                        + " has not ended.")
final class SagaNextCommand implements Callable<Integer> {
    private final RootCommand root;

    @Parameters(paramLabel = "TOKEN", description = "The token that begin printed.")
    private String token = "";

    SagaNextCommand(RootCommand root) {
        this.root = root;
    }

    @Override
    public Integer call() throws NotFoundException {
        ClaimToken wanted = new ClaimToken(token);
        try (Store store = root.openExisting()) {
            ManualSaga saga = root.agent(store).sagas().resumeManual(wanted);
            Optional<Next> next = saga.next();
            String line = next.map(step -> (step.isCompensation() ? "compensate " : "do ")
                            + step.step()
                            + (step.inDoubt() ? " in doubt" : ""))
                    .orElseGet(() -> saga.state().word());
            root.output().print(SagaJson.reported(saga), line);
            return Exit.DONE;
        }
    }
}
