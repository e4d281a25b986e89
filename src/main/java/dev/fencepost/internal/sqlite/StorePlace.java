package dev.fencepost.internal.sqlite;

import dev.fencepost.Durability;
import dev.fencepost.FencepostException;
import dev.fencepost.UnusableStoreException;
import dev.fencepost.UnusableStoreException.Reason;
import dev.fencepost.internal.sql.FormerStores;
import dev.fencepost.internal.sql.Session;
import dev.fencepost.internal.sql.VersionTables;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * The path of a file as recorded in the file itself. Each process records it in the transaction of its first write. A
 * file at another path is a copy if the recorded path has a different file of the same store. The same is true if that
 * file has a later history of the store.
 */
final class StorePlace {
    private StorePlace() {}

    /** A recorded path; {@code here} if it is that of the session's own file, or empty. */
    @SuppressWarnings("ArrayRecordComponent") // no two are compared
    private record Noted(String kind, byte[] path, boolean here) {
        boolean isBackup() {
            return kind.equals("backup");
        }
    }

    private static Optional<Noted> noted(Session session) {
        return session.number(AdoptionStatements.HAS_PLACE) == 0
                ? Optional.empty()
                : session.first(
                        AdoptionStatements.PLACE,
                        (rs, ctx) -> new Noted(rs.getString(1), rs.getBytes(2), rs.getBoolean(3)));
    }

    /** Returns the histories that a file had before. Files of early versions of this library have no table of them. */
    static FormerStores formerStores(Session session) {
        return session.number(AdoptionStatements.HAS_PLACE) == 0 ? FormerStores.NONE : FormerStores.of(session);
    }

    /** Records the path of the session's file, if another is recorded; must be called inside a write transaction. */
    static void note(Session session) {
        session.change(AdoptionStatements.NOTE_PLACE);
    }

    /** Tells whether the file is a backup that was neither restored nor adopted. */
    static boolean isBackup(Session session) {
        return noted(session).map(Noted::isBackup).orElse(false);
    }

    /**
     * Refuses a backup, and a copy of a store that still exists at its recorded path.
     *
     * @param file the file of the session
     * @throws UnusableStoreException if the file is either, with {@link Reason#COPIED}
     */
    static void refuseCopy(Session session, Path file) {
        Optional<Noted> noted = noted(session);
        if (noted.isEmpty()) {
            return;
        }
        if (noted.get().isBackup()) {
            throw FileChecks.refusal(
                    Reason.COPIED,
                    "'" + file + "' is a backup, which cannot be opened. Replace a store by it with 'fencepost"
                            + " restore', or make it an independent store with 'fencepost adopt --store "
                            + file + "'",
                    null);
        }
        if (!noted.get().here()) {
            refuseCopyOf(noted.get(), session, file);
        }
    }

    private static void refuseCopyOf(Noted noted, Session session, Path file) {
        Optional<Path> original = path(noted.path()).filter(path -> isAnother(path, file));
        String own = new VersionTables(session).storeId().orElse("");
        original.flatMap(path -> ids(path).relationTo(own, path)).ifPresent(relation -> {
            throw FileChecks.refusal(
                    Reason.COPIED,
                    "'" + file + "' is a copy of " + relation + "; two files must not share an identity. Run"
                            + " 'fencepost adopt --store " + file
                            + "', or remove the original if the copy replaces it",
                    null);
        });
    }

    /** The present ID of a store, and those of its former histories. */
    private record Ids(Optional<String> present, FormerStores former) {
        private static final Ids NONE = new Ids(Optional.empty(), FormerStores.NONE);

        Optional<String> relationTo(String id, Path path) {
            if (present.filter(id::equals).isPresent()) {
                return Optional.of("the store '" + path + "'");
            }
            return former.contains(id)
                    ? Optional.of("an earlier history of the store '" + path + "'")
                    : Optional.empty();
        }
    }

    /**
     * Returns whether a path names another file. Bind mounts and symbolic links give one file several paths, which are
     * no copies.
     */
    private static boolean isAnother(Path path, Path file) {
        Optional<Object> there = FileChecks.identity(path);
        return there.isPresent() && !there.equals(FileChecks.identity(file));
    }

    /** Returns the IDs of the store at a path, read without its log; none if the file is no store. */
    private static Ids ids(Path path) {
        try (Session session = new SqliteConnections(path, Durability.POWER_LOSS, Duration.ZERO).peekAtPart()) {
            return Schema.applicationOf(session) == Schema.APPLICATION_ID
                    ? new Ids(new VersionTables(session).storeId(), formerStores(session))
                    : Ids.NONE;
        } catch (FencepostException e) {
            // A file that cannot be read is no store of which this could be a copy.
            return Ids.NONE;
        }
    }

    /** Returns the bytes of a path, as SQLite names the file. */
    static byte[] bytes(Path path) {
        String raw = path.toUri().getRawPath();
        if (!path.toString().startsWith("/")) {
            return path.toString().getBytes(StandardCharsets.UTF_8);
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int i = 0; i < raw.length(); i++) {
            if (raw.charAt(i) == '%') {
                bytes.write(Integer.parseInt(raw, i + 1, i + 3, 16));
                i += 2;
            } else {
                bytes.write(raw.charAt(i));
            }
        }
        return bytes.toByteArray();
    }

    /** Returns a path from its bytes, which need not be text in the encoding of this process. */
    private static Optional<Path> path(byte[] bytes) {
        try {
            if (bytes.length == 0 || bytes[0] != '/') {
                return Optional.of(Path.of(new String(bytes, StandardCharsets.UTF_8)));
            }
            StringBuilder uri = new StringBuilder("file://");
            for (byte one : bytes) {
                uri.append(one == '/' ? "/" : String.format("%%%02X", one));
            }
            return Optional.of(Path.of(URI.create(uri.toString())));
        } catch (IllegalArgumentException e) {
            // A path of another platform: nothing is there.
            return Optional.empty();
        }
    }
}
