package dev.fencepost.cli;

import dev.fencepost.Lease;
import dev.fencepost.Store;
import dev.fencepost.saga.ManualSaga;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "begin",
        header = "Begin a manual saga, or resume it.",
        description = "Prints the token for reports. @|bold saga next|@ prints the step to do or to compensate.")
final class SagaBeginCommand implements Callable<Integer> {
    private static final Duration USUAL = Duration.ofHours(1);

    private final RootCommand root;

    @Parameters(index = "0", paramLabel = "ID", description = "The saga.")
    private String id = "";

    @Parameters(index = "1..*", arity = "1..*", paramLabel = "STEP", description = "The steps, in order.")
    private List<String> steps = new ArrayList<>();

    @Option(
            names = "--lease",
            paramLabel = "TIME",
            converter = Durations.class,
            description = "The time without a report after which another agent can resume it. Default: 1h.")
    private Duration lease = USUAL;

    SagaBeginCommand(RootCommand root) {
        this.root = root;
    }

    @Override
    public Integer call() {
        try (Store store = root.open()) {
            ManualSaga saga = root.agent(store).sagas().startManual(id, steps, Lease.withoutHeartbeats(lease));
            root.output().print(SagaJson.reported(saga), saga.token().text());
            return Exit.DONE;
        }
    }
}
