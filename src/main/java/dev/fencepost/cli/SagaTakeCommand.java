package dev.fencepost.cli;

import dev.fencepost.Lease;
import dev.fencepost.Store;
import dev.fencepost.saga.StepTask;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "take",
        header = "Claim the oldest open task of a role.",
        description = {
            "Prints the token for the report, then the task. With @|bold --json|@, also the idempotency key, and the"
                    + " epoch as fencing token for external systems. Exits with 3 if there is no task."
        })
final class SagaTakeCommand implements Callable<Integer> {
    private static final Duration USUAL = Duration.ofMinutes(5);

    private final RootCommand root;

    @Parameters(paramLabel = "ROLE", description = "The role of this agent, such as 'warehouse'.")
    private String role = "";

    @Option(
            names = "--lease",
            paramLabel = "TIME",
            converter = Durations.class,
            description = "The time after which another agent can claim the task. Default: 5m.")
    private Duration lease = USUAL;

    @Option(
            names = "--wait",
            paramLabel = "TIME",
            converter = Durations.class,
            description = "The maximum wait for a task. Default: no wait.")
    private Duration wait = Duration.ZERO;

    SagaTakeCommand(RootCommand root) {
        this.root = root;
    }

    @Override
    public Integer call() throws NotFoundException {
        try (Store store = root.openExisting()) {
            // This process ends at once, so its heartbeats cannot keep the claim alive.
            Optional<StepTask> taken = root.agent(store).sagas().claimTask(role, Lease.withoutHeartbeats(lease), wait);
            StepTask work = taken.orElseThrow(() -> NotFoundException.work(role));
            root.output()
                    .print(
                            SagaJson.work(work),
                            List.of(
                                    work.token().text(),
                                    (work.isCompensation() ? "compensate " : "do ") + work.step() + " of " + work.saga()
                                            + ": " + work.input()));
            return Exit.DONE;
        }
    }
}
