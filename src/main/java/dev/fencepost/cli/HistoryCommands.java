package dev.fencepost.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fencepost.Change;
import dev.fencepost.Key;
import dev.fencepost.Page;
import dev.fencepost.Store;
import dev.fencepost.history.RefusalRecord;
import dev.fencepost.history.VersionLookup;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

/** The commands on the versions of a key and on refused writes. */
interface HistoryCommands extends CommandGroup {
    Table<Change<String>> VERSIONS = new Table<Change<String>>(Json::change)
            .fields("VERSION:version", "SEQUENCE:sequence", "WRITER:writer", "COMMITTED:committedAt")
            .preview("VALUE", "value", "(deleted)");
    Table<RefusalRecord> REFUSALS = new Table<>(Json::refusal)
            .fields("NUMBER:number", "AT:at", "SEQUENCE:sequence", "AGENT:agent", "PID:pid", "KIND:kind", "NAME:name")
            .fields("BY:by", "WHY:message");

    /** The options for one version or two, or a part of the list; at most one of these. */
    final class Selection {
        @ArgGroup(exclusive = false)
        private Part part = new Part();

        @Option(names = "--version", paramLabel = "N", description = "The version to print, unchanged.")
        private @Nullable Long version;

        @Option(
                names = "--compare",
                paramLabel = "N..M",
                description = "Two versions to compare line by line; JSON is formatted first.")
        private @Nullable Range compare;
    }

    /** A part of the list. */
    final class Part {
        @Option(
                names = "--limit",
                paramLabel = "N",
                description = "The maximum number of versions, up to 10000; fewer if values are long. Default: 1000.")
        private int limit = 1_000;

        @Option(
                names = "--after",
                paramLabel = "N",
                description = "The version before which to begin. Default: begin with the newest.")
        private long after = Long.MAX_VALUE;
    }

    /** A range from one version to another. */
    record Range(long from, long to) {
        /** A converter of ranges as people type them. */
        static final class Converter implements ITypeConverter<Range> {
            private static final Pattern FORM = Pattern.compile("([0-9]{1,18})\\.\\.([0-9]{1,18})");

            @Override
            public Range convert(String text) {
                Matcher matcher = FORM.matcher(text);
                if (!matcher.matches()) {
                    throw new TypeConversionException(
                            "'" + text + "' is not a range of versions; write for example 3..5");
                }
                return new Range(Long.parseLong(matcher.group(1)), Long.parseLong(matcher.group(2)));
            }
        }
    }

    @Command(
            header = "List the retained versions of a key, newest first; show one, or compare two.",
            description =
                    "For a version that retention has pruned, @|bold --version|@ and @|bold --compare|@ exit with 3.")
    default void history(
            @Parameters(paramLabel = "KEY", description = "The key.") String key,
            @ArgGroup @Nullable Selection selection)
            throws NotFoundException {
        Key<String> wanted = Key.text(key);
        Selection selected = selection == null ? new Selection() : selection;
        try (Store store = root().openExisting()) {
            if (selected.version != null) {
                Change<String> change = version(store, wanted, selected.version);
                if (change.deleted()) {
                    throw new NotFoundException(
                            "Version " + change.stamp().version() + " of '" + key
                                    + "' has no value: it is the deletion by "
                                    + change.stamp().writer(),
                            Json.change(change));
                }
                root().output().exact(Json.change(change), change.value().orElseThrow());
            } else if (selected.compare != null) {
                compare(version(store, wanted, selected.compare.from()), version(store, wanted, selected.compare.to()));
            } else {
                list(store, wanted, selected.part);
            }
        }
    }

    private void list(Store store, Key<String> key, Part part) throws NotFoundException {
        Page<Change<String>> versions = store.history().of(key, part.after, part.limit);
        if (versions.isEmpty() && store.history().of(key, 1).isEmpty()) {
            throw NotFoundException.history(key);
        }
        PrunedVersions pruned = PrunedVersions.of(store, key);
        Output output = root().output();
        output.print(
                versions.stream().map(change -> pruned.in(Json.change(change))).toList(),
                VERSIONS.headings(),
                versions.stream().map(VERSIONS::row).toList());
        pruned.note(output);
        output.more(versions, last -> Long.toString(last.stamp().version()));
    }

    private void compare(Change<String> from, Change<String> to) {
        List<String> lines = UnifiedDiff.lines(from, to);
        ObjectNode json = Json.key(from.key().name()).put("same", lines.isEmpty());
        json.set("from", Json.change(from));
        json.set("to", Json.change(to));
        ArrayNode diff = json.putArray("diff");
        lines.forEach(diff::add);
        Output output = root().output();
        if (lines.isEmpty() && !output.isJson()) {
            output.note("Both versions have the same value.");
        } else {
            output.exact(json, String.join("\n", lines) + "\n");
        }
    }

    private static Change<String> version(Store store, Key<String> key, long number) throws NotFoundException {
        VersionLookup<String> answer = store.history().version(key, number);
        if (answer instanceof VersionLookup.Pruned<String> pruned) {
            throw new NotFoundException(
                    "pruned",
                    "Version " + number + " of '" + key + "' was pruned; the oldest version retained is "
                            + pruned.oldest(),
                    Json.key(key.name()).put("version", number).put("oldestVersion", pruned.oldest()));
        } else if (answer instanceof VersionLookup.NotYetWritten<String> future) {
            throw new NotFoundException(
                    "'" + key + "' has no version " + number + " yet; the newest version is " + future.newest(),
                    Json.key(key.name()).put("version", number).put("newest", future.newest()));
        } else if (answer instanceof VersionLookup.NeverExisted<String>) {
            throw NotFoundException.history(key);
        }
        return answer.orThrow();
    }

    @Command(
            header = "Show who wrote each version of a key, and what that commit read.",
            description = "Lists the dependencies of each commit: the keys that it read or set a condition on, with the"
                    + " values that it saw. They are recorded for commits with @|bold --provenance|@, or by a store"
                    + " that records provenance.")
    default void blame(
            @Parameters(paramLabel = "KEY", description = "The key.") String key,
            @Option(
                            names = "--limit",
                            paramLabel = "N",
                            defaultValue = "20",
                            description = "The maximum number of versions, up to 10000. Default: ${DEFAULT-VALUE}.")
                    int limit,
            @Option(
                            names = "--after",
                            paramLabel = "N",
                            defaultValue = "" + Long.MAX_VALUE,
                            description = "The version before which to begin. Default: begin with the newest.")
                    long after)
            throws NotFoundException {
        Key<String> wanted = Key.text(key);
        try (Store store = root().openExisting()) {
            new Blame(store, root().output()).print(wanted, after, limit);
        }
    }

    @Command(
            header = "List refused writes, newest first.",
            description = "Refusals are recorded for writes with @|bold --provenance|@, or by a store that records"
                    + " provenance; the newest 100,000 are retained.")
    default void conflicts(
            @Option(
                            names = "--limit",
                            paramLabel = "N",
                            defaultValue = "100",
                            description = "The maximum number of refusals, up to 10000. Default: ${DEFAULT-VALUE}.")
                    int limit,
            @Option(
                            names = "--after",
                            paramLabel = "N",
                            defaultValue = "" + Long.MAX_VALUE,
                            description = "The refusal before which to begin. Default: begin with the newest.")
                    long after)
            throws NotFoundException {
        try (Store store = root().openExisting()) {
            print(
                    AsOf.now(store.history().refusals(after, limit)),
                    REFUSALS,
                    last -> Long.toString(last.number()),
                    after < Long.MAX_VALUE
                            ? ""
                            : "No recorded refusals. To record new ones, write with --provenance or"
                                    + " FENCEPOST_PROVENANCE=true.");
        }
    }
}
