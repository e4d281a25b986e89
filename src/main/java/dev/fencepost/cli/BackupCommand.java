package dev.fencepost.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fencepost.BackupOptions;
import dev.fencepost.BackupReport;
import dev.fencepost.Store;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "backup",
        header = "Copy the store into one file, while other processes write.",
        description =
                "The copy is a snapshot of one commit. It is checked as by @|bold check|@ before it gets its name. A"
                        + " backup cannot be opened as a store; see @|bold restore|@ and @|bold adopt|@.")
final class BackupCommand implements Callable<Integer> {
    /** The number of pages, of 4 KiB, from which on progress is shown at a terminal. */
    private static final long LARGE = 16_384;

    private static final int PERCENT = 100;
    private static final int STEP = 10;

    private final RootCommand root;
    private long shown;

    @Parameters(paramLabel = "FILE", description = "The file to write.")
    private Path file = Path.of("");

    @Option(names = "--force", description = "Replacement of FILE if it exists.")
    private boolean force;

    @Option(
            names = "--progress",
            description = "Progress on standard error. Default: only on a terminal, for 64 MiB or more.")
    private boolean progress;

    BackupCommand(RootCommand root) {
        this.root = root;
    }

    @Override
    public Integer call() throws NotFoundException {
        BackupOptions options = BackupOptions.defaults().withProgress(this::show);
        try (Store store = root.openExisting()) {
            BackupReport report = store.backup(file, force ? options.replacing() : options);
            root.output().print(json(report), sentence(store, report));
            return Exit.DONE;
        }
    }

    private void show(long pages, long total) {
        if (!progress && !(root.shell().terminal() && total >= LARGE)) {
            return;
        }
        long percent = total == 0 ? PERCENT : pages * PERCENT / total;
        if (percent >= shown + STEP || (percent == PERCENT && shown < PERCENT)) {
            shown = percent;
            root.shell().err().println(percent + " % copied, " + pages + " of " + total + " pages");
        }
    }

    private static ObjectNode json(BackupReport report) {
        return Json.object()
                .put("file", report.file().toString())
                .put("pages", report.pages())
                .put("bytes", report.bytes())
                .put("sequence", report.position().sequence())
                .put("position", report.position().text());
    }

    private static String sentence(Store store, BackupReport report) {
        return store.file() + " was copied to " + report.file() + " as of sequence "
                + report.position().sequence() + ": " + report.bytes() + " bytes";
    }
}
