package dev.fencepost.cli;

import dev.fencepost.AdoptionReport;
import dev.fencepost.Store;
import dev.fencepost.UnusableStoreException;
import dev.fencepost.UnusableStoreException.Reason;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

@Command(
        name = "adopt",
        header = "Make a store of its own of a copy.",
        description =
                "For a file that was copied by .backup or VACUUM INTO of sqlite3, or by cp. The copy gets a new id, all"
                        + " claims in it end, and what was granted or read before is refused.")
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
                            report.file() + " is a store of its own " + RestoreCommand.sentence(report));
            return Exit.DONE;
        } catch (UnusableStoreException e) {
            if (e.reason() == Reason.NO_STORE || e.reason() == Reason.NO_FOLDER) {
                throw NotFoundException.store(root.file());
            }
            throw e;
        }
    }
}
