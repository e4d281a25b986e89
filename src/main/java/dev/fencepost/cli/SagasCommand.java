package dev.fencepost.cli;

import dev.fencepost.Page;
import dev.fencepost.Store;
import dev.fencepost.saga.SagaInfo;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "sagas",
        header = "List the sagas that have not ended.",
        description = "With @|bold --at|@, those that had not ended at that time; sagas forgotten since are missing.")
final class SagasCommand implements Callable<Integer> {
    private final RootCommand root;

    @Option(
            names = {"-A", "--all"},
            description = "Also sagas that have ended.")
    private boolean all;

    @Mixin
    private AsOfOption at = new AsOfOption();

    @Mixin
    private Paging paging = new Paging();

    SagasCommand(RootCommand root) {
        this.root = root;
    }

    @Override
    public Integer call() throws NotFoundException {
        try (Store store = root.openExisting()) {
            AsOfOption.Cut<Page<SagaInfo>> cut = at.read(
                    root,
                    store,
                    Json.object(),
                    then -> then.sagas(all, paging.after(), paging.limit()),
                    () -> root.agent(store).sagas().list(all, paging.after(), paging.limit()));
            Page<SagaInfo> sagas = cut.found();
            root.output()
                    .print(
                            sagas.stream()
                                    .map(saga -> cut.in(SagaJson.saga(saga)))
                                    .toList(),
                            List.of("SAGA", "DEFINITION", "STATE", "STEP", "COORDINATOR", "BEGUN", "LAST", "REASON"),
                            sagas.stream().map(SagasCommand::row).toList());
            if (sagas.isEmpty() && paging.after().isEmpty()) {
                root.output().note("No sagas.");
            }
            cut.note(root.output());
            Paging.note(root.output(), sagas, SagaInfo::id);
            return Exit.DONE;
        }
    }

    private static List<String> row(SagaInfo saga) {
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
