package dev.fencepost.cli;

import dev.fencepost.Store;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "forget",
        header = "Delete sagas that have ended, with their journals.",
        description = "Their IDs can be used again.")
final class SagaForgetCommand implements Callable<Integer> {
    private final RootCommand root;

    @Option(
            names = "--older-than",
            required = true,
            paramLabel = "TIME",
            converter = Durations.class,
            description = "The minimum time since the end of a saga.")
    private Duration olderThan = Duration.ZERO;

    SagaForgetCommand(RootCommand root) {
        this.root = root;
    }

    @Override
    public Integer call() throws NotFoundException {
        try (Store store = root.openExisting()) {
            int forgotten = root.agent(store).sagas().forget(olderThan);
            root.output()
                    .print(
                            Json.object().put("forgotten", forgotten),
                            forgotten + (forgotten == 1 ? " saga was" : " sagas were") + " forgotten");
            return Exit.DONE;
        }
    }
}
