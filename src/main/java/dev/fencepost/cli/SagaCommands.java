package dev.fencepost.cli;

import dev.fencepost.Store;
import dev.fencepost.saga.SagaInfo;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The commands on all sagas. */
interface SagaCommands extends CommandGroup {
    Table<SagaInfo> SAGAS = new Table<>(Json::saga)
            .fields("SAGA:saga")
            .column("DEFINITION", saga -> saga.definition() + " " + saga.version())
            .fields("STATE:state", "STEP:step")
            .column(
                    "COORDINATOR",
                    saga -> saga.coordinator()
                            .map(held ->
                                    held.holder().agent() + " (" + held.holder().pid() + ")")
                            .orElse("-"))
            .fields("BEGUN:begunAt", "LAST:lastAt", "REASON:reason");

    @Command(
            header = "List the sagas that have not ended.",
            description =
                    "With @|bold --at|@, those that had not ended at that time; sagas forgotten since are missing.")
    default void sagas(
            @Option(
                            names = {"-A", "--all"},
                            description = "Also sagas that have ended.")
                    boolean all,
            @Mixin AsOfOption at,
            @Mixin Paging paging)
            throws NotFoundException {
        try (Store store = root().openExisting()) {
            print(
                    at.read(
                            root(),
                            store,
                            Json.object(),
                            then -> then.sagas(all, paging.after(), paging.limit()),
                            () -> root().agent(store).sagas().list(all, paging.after(), paging.limit())),
                    SAGAS,
                    SagaInfo::id,
                    paging.none("No sagas."));
        }
    }
}
