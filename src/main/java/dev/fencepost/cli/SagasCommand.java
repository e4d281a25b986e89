package dev.fencepost.cli;

import dev.fencepost.SagaView;
import dev.fencepost.Store;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "sagas", header = "List the sagas that have not ended.")
final class SagasCommand implements Callable<Integer> {
    private final Root root;

    @Option(
            names = {"-A", "--all"},
            description = "Those that have ended too.")
    private boolean all;

    SagasCommand(Root root) {
        this.root = root;
    }

    @Override
    public Integer call() throws NotFoundException {
        try (Store store = root.openExisting()) {
            List<SagaView> sagas = root.agent(store).sagas().list(all);
            root.output()
                    .print(
                            sagas.stream().map(SagaJson::saga).toList(),
                            List.of("SAGA", "DEFINITION", "STATE", "STEP", "COORDINATOR", "BEGUN", "LAST", "REASON"),
                            sagas.stream().map(SagasCommand::row).toList());
            if (sagas.isEmpty()) {
                root.output().note("No sagas.");
            }
            return Exit.DONE;
        }
    }

    private static List<String> row(SagaView saga) {
        return List.of(
                saga.id(),
                saga.definition() + " " + saga.version(),
                saga.state().word(),
                saga.step().orElse("-"),
                saga.coordinator()
                        .map(held ->
                                held.holder().agent() + " (" + held.holder().pid() + ")")
                        .orElse("-"),
                Json.time(saga.begunAt()),
                Json.time(saga.lastAt()),
                saga.reason().orElse("-"));
    }
}
