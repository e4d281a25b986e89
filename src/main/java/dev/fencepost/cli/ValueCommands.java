package dev.fencepost.cli;

import dev.fencepost.Committed;
import dev.fencepost.Conflict;
import dev.fencepost.Key;
import dev.fencepost.Precondition;
import dev.fencepost.Prefix;
import dev.fencepost.Store;
import dev.fencepost.Versioned;
import dev.fencepost.WriteResult;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** The commands that read and write values. */
interface ValueCommands extends CommandGroup {
    Table<Versioned<String>> VALUES = new Table<Versioned<String>>(Json::versioned)
            .fields("KEY:key", "VERSION:version", "WRITER:writer", "COMMITTED:committedAt")
            .preview("VALUE", "value", "-");

    @Command(
            header = "Print the value of a key.",
            description = "The value is printed unchanged. On a terminal, a line feed is added if the value lacks one.")
    default void get(@Parameters(paramLabel = "KEY", description = "The key.") String key, @Mixin AsOfOption at)
            throws NotFoundException {
        Key<String> wanted = Key.text(key);
        try (Store store = root().openExisting()) {
            var read = at.read(root(), store, Json.key(key), then -> then.get(wanted), () -> store.get(wanted));
            if (read.found().isEmpty()) {
                throw read.sequence().isPresent()
                        ? new NotFoundException(
                                "'" + key + "' had no value as of sequence "
                                        + read.sequence().getAsLong(),
                                read.in(Json.key(key)))
                        : NotFoundException.key(
                                wanted, store.history().of(wanted, 1).stream().findFirst());
            }
            Versioned<String> found = read.found().get();
            root().output().exact(read.in(Json.versioned(found)), found.value());
        }
    }

    @Command(
            header = "Write the value of a key.",
            description = "Refused if another agent claims the key. Write -- before a value that begins with '-'.")
    default void put(
            @Parameters(index = "0", paramLabel = "KEY", description = "The key.") String key,
            @Parameters(index = "1", paramLabel = "VALUE|-", description = "The value; - reads it from standard input.")
                    String value,
            @ArgGroup @Nullable PreconditionOptions demand,
            @Mixin ClaimOption claiming)
            throws IOException {
        Key<String> wanted = Key.text(key);
        Precondition<String> precondition = PreconditionOptions.precondition(demand);
        String text = value.equals("-") ? root().standardInput() : value;
        try (Store store = root().open()) {
            Committed<String> committed = claiming.writer(root(), store)
                    .put(wanted, text, precondition)
                    .orThrow();
            print(Json.stamp(Json.key(key), committed.stamp()), "'" + key + "' is at version " + committed.version());
        }
    }

    @Command(header = "List the keys that have a value.")
    default void list(
            @Parameters(
                            arity = "0..1",
                            paramLabel = "PREFIX",
                            description = "The prefix of the keys. Default: all keys.",
                            defaultValue = "")
                    String prefix,
            @Mixin AsOfOption at,
            @Mixin Paging paging)
            throws NotFoundException {
        Prefix<String> wanted = Prefix.text(prefix);
        try (Store store = root().openExisting()) {
            print(
                    at.read(
                            root(),
                            store,
                            Json.object().put("prefix", prefix),
                            then -> then.list(wanted, paging.after(), paging.limit()),
                            () -> store.list(wanted, paging.after(), paging.limit())),
                    VALUES,
                    last -> last.key().name(),
                    paging.none(prefix.isEmpty() ? "No keys." : "No keys begin with '" + prefix + "'."));
        }
    }

    @Command(header = "Delete a key.", description = "The deletion is a new version; the history remains.")
    default void delete(
            @Parameters(paramLabel = "KEY", description = "The key.") String key,
            @ArgGroup @Nullable PreconditionOptions demand,
            @Mixin ClaimOption claiming)
            throws NotFoundException {
        Key<String> wanted = Key.text(key);
        Precondition<String> precondition = PreconditionOptions.precondition(demand);
        try (Store store = root().openExisting()) {
            WriteResult<String> result = claiming.writer(root(), store).tryDelete(wanted, precondition);
            if (precondition instanceof Precondition.None && result instanceof Conflict<String> absent) {
                throw NotFoundException.key(wanted, absent.latest());
            }
            Committed<String> committed = result.orThrow();
            print(
                    Json.stamp(Json.key(key), committed.stamp()).put("deleted", true),
                    "'" + key + "' was deleted as version " + committed.version());
        }
    }
}
