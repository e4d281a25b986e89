package dev.fencepost.cli;

import dev.fencepost.AdoptionReport;
import dev.fencepost.Store;
import dev.fencepost.UnusableStoreException;
import dev.fencepost.UnusableStoreException.Reason;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

@Command(
        name = "adopt",
        header = "Turn a copy into an independent store.",
        description =
                "For a file that was copied by .backup or VACUUM INTO of sqlite3, or by cp. The copy gets a new ID and"
                        + " all its claims end. It refuses tokens, positions and snapshots of the original.")
final class AdoptCommand implements Callable<Integer> {
    private final RootCommand root;

    AdoptCommand(RootCommand root) {
        this.root = root;
    }

    @Override
    public Integer call() throws NotFoundException {
        try {
            AdoptionReport report = Store.adopt(root.config(), root.agentName());
            root.output()
                    .print(
                            RestoreCommand.json(report),
                            report.file() + " is an independent store " + RestoreCommand.sentence(report));
            return Exit.DONE;
        } catch (UnusableStoreException e) {
            if (e.reason() == Reason.NO_STORE || e.reason() == Reason.NO_FOLDER) {
                throw NotFoundException.store(root.file());
            }
            throw e;
        }
    }
}
