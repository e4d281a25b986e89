package dev.fencepost.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fencepost.AdoptionReport;
import dev.fencepost.BackupOptions;
import dev.fencepost.BackupReport;
import dev.fencepost.CheckReport;
import dev.fencepost.RestoreOptions;
import dev.fencepost.Store;
import dev.fencepost.UnusableStoreException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The commands on whole files. */
interface MaintenanceCommands extends CommandGroup {
    /** The number of pages, of 4 KiB, from which on progress is shown at a terminal. */
    long LARGE = 16_384;

    @Command(
            header = "Check the whole file.",
            description = "Runs SQLite's integrity check, and checks the rules of the store. Exits with 1 if it finds"
                    + " anything.")
    default int check() throws NotFoundException {
        try (Store store = root().openExisting()) {
            CheckReport report = store.check();
            ObjectNode json = Json.object()
                    .put("store", store.file().toString())
                    .put("id", store.id())
                    .put("healthy", report.healthy())
                    .put("keys", report.keys())
                    .put("versions", report.versions())
                    .put("commits", report.commits());
            ArrayNode findings = json.putArray("findings");
            report.findings().forEach(findings::add);
            List<String> lines = new ArrayList<>();
            lines.add(store.file() + ": " + report.keys() + " keys, " + report.versions() + " versions, "
                    + report.commits() + " commits; " + (report.healthy() ? "no findings" : "findings:"));
            report.findings().forEach(finding -> lines.add("  " + finding));
            root().output().print(json, lines);
            return report.healthy() ? Exit.DONE : Exit.UNEXPECTED;
        }
    }

    @Command(
            header = "Copy the store into one file, while other processes write.",
            description =
                    "The copy is a snapshot of one commit. It is checked as by @|bold check|@ before it gets its name."
                            + " A backup cannot be opened as a store; see @|bold restore|@ and @|bold adopt|@.")
    default void backup(
            @Parameters(paramLabel = "FILE", description = "The file to write.") Path file,
            @Option(names = "--force", description = "Replacement of FILE if it exists.") boolean force,
            @Option(
                            names = "--progress",
                            description =
                                    "Progress on standard error. Default: only on a terminal, for 64 MiB or" + " more.")
                    boolean progress)
            throws NotFoundException {
        BackupOptions options = BackupOptions.defaults().withProgress(progress(progress));
        try (Store store = root().openExisting()) {
            BackupReport report = store.backup(file, force ? options.replacing() : options);
            long sequence = report.position().sequence();
            print(
                    Json.object()
                            .put("file", report.file().toString())
                            .put("pages", report.pages())
                            .put("bytes", report.bytes())
                            .put("sequence", sequence)
                            .put("position", report.position().text()),
                    store.file() + " was copied to " + report.file() + " as of sequence " + sequence + ": "
                            + report.bytes() + " bytes");
        }
    }

    private BackupOptions.Progress progress(boolean always) {
        Shell shell = root().shell();
        AtomicLong shown = new AtomicLong();
        return (pages, total) -> {
            long percent = total == 0 ? 100 : pages * 100 / total;
            boolean wanted = always || (shell.terminal() && total >= LARGE);
            if (wanted && (percent >= shown.get() + 10 || (percent == 100 && shown.get() < 100))) {
                shown.set(percent);
                shell.err().println(percent + " % copied, " + pages + " of " + total + " pages");
            }
        };
    }

    @Command(
            header = "Replace the store by a backup.",
            description = "Refused while a process has the store open. The store gets a new ID and all claims end. It"
                    + " refuses earlier tokens, positions and snapshots. FILE is not changed.")
    default void restore(
            @Parameters(paramLabel = "FILE", description = "The backup, or another copy of the store.") Path file,
            @Option(
                            names = "--force",
                            description = "Replacement even of a file that cannot be read as a store. Close all"
                                    + " processes first.")
                    boolean force) {
        RestoreOptions options = RestoreOptions.by(root().agentName());
        AdoptionReport report = Store.restore(root().config(), file, force ? options.forced() : options);
        print(
                Json.adoption(report).put("backup", file.toString()),
                report.file() + " was restored from " + file + sentence(report));
        if (!report.epochsKnown()) {
            root().output()
                    .note("The epochs of the replaced file are unknown, so an epoch that it granted may be granted"
                            + " again.");
        }
    }

    @Command(
            header = "Turn a copy into an independent store.",
            description =
                    "For a file that was copied by .backup or VACUUM INTO of sqlite3, or by cp. The copy gets a new ID"
                            + " and all its claims end. It refuses tokens, positions and snapshots of the original.")
    default void adopt() throws NotFoundException {
        try {
            AdoptionReport report = Store.adopt(root().config(), root().agentName());
            print(Json.adoption(report), report.file() + " is an independent store" + sentence(report));
        } catch (UnusableStoreException e) {
            throw NotFoundException.store(e, root().file());
        }
    }

    private static String sentence(AdoptionReport report) {
        return " under the new ID " + report.storeId() + "; claims ended: " + report.endedClaims();
    }
}
