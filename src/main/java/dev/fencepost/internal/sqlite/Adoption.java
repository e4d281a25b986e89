package dev.fencepost.internal.sqlite;

import dev.fencepost.AdoptionReport;
import dev.fencepost.FencepostException;
import dev.fencepost.StoreConfig;
import dev.fencepost.internal.sql.ClaimTables;
import dev.fencepost.internal.sql.CommitIdentity;
import dev.fencepost.internal.sql.FormerStores;
import dev.fencepost.internal.sql.ProcessFingerprint;
import dev.fencepost.internal.sql.Session;
import dev.fencepost.internal.sql.Tip;
import dev.fencepost.internal.sql.VersionTables;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Starts a new history in a copied or restored file, so that nothing granted in the old history is valid.
 *
 * <p>In one transaction, the adoption gives the file a new store ID, ends all claims, waits and snapshots, and raises
 * the epoch of every key. The old ID stays in the file, so that its claim tokens and positions are recognised and
 * refused. A saga whose coordinator lost its claim is recovered as after the death of that process.
 */
public final class Adoption {
    private static final int PAGE = 10_000;

    private final Schema schema;
    private final SqliteSession session;
    private final String how;
    private final By by;
    private final long now;

    private Adoption(Schema schema, SqliteSession session, String how, By by, long now) {
        this.schema = schema;
        this.session = session;
        this.how = how;
        this.by = by;
        this.now = now;
    }

    /**
     * The author of an adoption.
     *
     * @param agent the agent of the commit that ends the claims
     * @param process the fingerprint of this process
     */
    public record By(String agent, ProcessFingerprint process) {}

    /** A key and the epoch that it had in a replaced file. */
    private record KeyEpoch(long id, String key, long epoch) {}

    /**
     * Adopts the file of a configuration, without moving it.
     *
     * @throws dev.fencepost.WriteLockTimeoutException if another process, or another store of this process, has the
     *     file open
     * @throws dev.fencepost.UnusableStoreException if the file is no store, or damaged
     */
    public static AdoptionReport adopt(StoreConfig config, By by) {
        return adopt(config, by, Schema.SHIPPED);
    }

    /** Adopts the file of a configuration, and migrates it to the given schema. */
    public static AdoptionReport adopt(StoreConfig config, By by, Schema schema) {
        Path file = FileChecks.check(config.file(), config.untrustedFileSystem());
        try (LockedFile locked = LockedFile.lock(file, config.writeLockTimeout())) {
            Adoption adoption = new Adoption(
                    schema, locked.session(), "adopt", by, config.clock().millis());
            return FileChecks.naming(file, () -> adoption.run(file, Optional.empty()));
        }
    }

    /**
     * Adopts a copy that will replace another file.
     *
     * @param target the path that the copy will have
     * @param replaced a session on the replaced file; empty if that file is unreadable
     */
    static AdoptionReport adoptFor(
            Path target, LockedFile copy, Optional<SqliteSession> replaced, StoreConfig config, By by) {
        return new Adoption(
                        Schema.SHIPPED,
                        copy.session(),
                        "restore",
                        by,
                        config.clock().millis())
                .run(target, replaced);
    }

    private AdoptionReport run(Path target, Optional<SqliteSession> replaced) {
        session.begin();
        try {
            schema.migrate(session, Schema.versionOf(session));
            schema.verify(session);
            AdoptionReport report = change(target, replaced);
            session.commit();
            return report;
        } catch (FencepostException e) {
            session.rollback(e);
            throw e;
        }
    }

    private AdoptionReport change(Path target, Optional<SqliteSession> replaced) {
        String before = StoreOpener.storeId(session);
        VersionTables values = new VersionTables(session);
        ClaimTables claims = new ClaimTables(session);
        long process = claims.registerProcess(by.process(), now);
        long sequence = values.tip(Tip.EMPTY).lastRow() + 1;
        values.insertCommit(new CommitIdentity(process, 1, sequence), by.agent(), now, 0, 0);
        int ended = session.change(AdoptionStatements.END_CLAIMS);
        session.change(AdoptionStatements.DELETE_ALL_WAITER_KEYS);
        session.change(AdoptionStatements.DELETE_ALL_WAITERS);
        session.change(AdoptionStatements.DELETE_ALL_PINS);
        addFormer(new FormerStores.Former(before, now, how));
        session.change(AdoptionStatements.RAISE_EPOCHS);
        replaced.ifPresent(this::replace);
        String after = UUID.randomUUID().toString().replace("-", "");
        session.change(AdoptionStatements.NEW_STORE_ID, after);
        session.change(AdoptionStatements.SETTLE_AT, HexFormat.of().formatHex(StorePlace.bytes(target)));
        claims.closeProcess(process, now);
        return new AdoptionReport(target, after, before, sequence, ended, replaced.isPresent());
    }

    /** Copies the store IDs of the replaced file and the epochs of its keys, because neither may be used again. */
    private void replace(Session replaced) {
        addFormer(new FormerStores.Former(StoreOpener.storeId(replaced), now, how));
        if (replaced.number(AdoptionStatements.HAS_PLACE) > 0) {
            FormerStores.all(replaced).forEach(this::addFormer);
        }
        List<KeyEpoch> page = page(replaced, 0);
        while (!page.isEmpty()) {
            for (KeyEpoch key : page) {
                session.change(AdoptionStatements.ADD_KEY, key.key());
                session.change(AdoptionStatements.RAISE_EPOCH, key.epoch(), key.key());
            }
            page = page(replaced, page.get(page.size() - 1).id());
        }
    }

    private static List<KeyEpoch> page(Session replaced, long after) {
        return replaced.all(
                AdoptionStatements.EPOCHS,
                (rs, ctx) -> new KeyEpoch(rs.getLong(1), rs.getString(2), rs.getLong(3)),
                after,
                PAGE);
    }

    private void addFormer(FormerStores.Former former) {
        session.change(AdoptionStatements.ADD_FORMER_STORE, former.storeId(), former.endedAt(), former.how());
    }
}
