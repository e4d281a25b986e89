package dev.fencepost.verification.crash;

import dev.fencepost.Agent;
import dev.fencepost.CommitResult;
import dev.fencepost.Committed;
import dev.fencepost.Durability;
import dev.fencepost.FencedException;
import dev.fencepost.FencepostException;
import dev.fencepost.Key;
import dev.fencepost.OutcomeUnknownException;
import dev.fencepost.Precondition;
import dev.fencepost.Store;
import dev.fencepost.StoreClosedException;
import dev.fencepost.StoreConfig;
import dev.fencepost.WriteBatch;
import dev.fencepost.WriteResult;
import dev.fencepost.event.NewEvent;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.LockSupport;

/** The operations of one thread. Each has a name, which is part of all that it writes. */
final class Workload {
    private static final int ASIDE = 8;
    private static final long REST_NANOS = 5_000_000;

    /** One operation. It returns its sequence, 0 if the sequence is unknown, or empty if it was refused. */
    @FunctionalInterface
    interface Piece {
        OptionalLong done(String name);
    }

    private final Store store;
    private final Path file;
    private final Durability durability;
    private final Agent agent;
    private final Ledger ledger;
    private final String name;
    private final Random random;
    private long pieces;

    Workload(Store store, StoreConfig config, Agent agent, Ledger ledger, String name, long seed) {
        this.store = store;
        this.file = config.file();
        this.durability = config.durability();
        this.agent = agent;
        this.ledger = ledger;
        this.name = name;
        this.random = new Random(seed);
    }

    Store store() {
        return store;
    }

    Agent agent() {
        return agent;
    }

    Ledger ledger() {
        return ledger;
    }

    Path file() {
        return file;
    }

    Durability durability() {
        return durability;
    }

    Random random() {
        return random;
    }

    String name() {
        return name;
    }

    /** Runs operations until the process ends. */
    void go(String role) {
        try {
            while (true) {
                once(role);
            }
        } catch (StoreClosedException e) {
            // The process ends normally.
            return;
        } catch (RuntimeException e) {
            ledger.odd(role + " of " + name + ": " + e);
        }
    }

    private void once(String role) {
        switch (role) {
            case "put" -> piece(1, this::put);
            case "count" -> piece(1, this::count);
            case "move" -> piece(3, this::move);
            case "batch" -> piece(4, this::batch);
            case "aside" -> aside();
            case "claim" -> ClaimWorkload.claim(this);
            case "keep" -> ClaimWorkload.keep(this);
            case "intrude" -> ClaimWorkload.intrude(this);
            case "propose" -> FeedWorkload.propose(this);
            case "project" -> FeedWorkload.project(this);
            case "curate" -> FeedWorkload.curate(this);
            case "order" -> order();
            case "look" -> ReadWorkload.look(this);
            case "read" -> ReadWorkload.read(this);
            case "create" -> OpenWorkload.create(this);
            case "tidy" -> ReadWorkload.tidy(this);
            default -> throw new IllegalArgumentException("unknown role " + role);
        }
    }

    private void order() {
        // The store stays open until the process ends.
        SagaWorkload ordering =
                new SagaWorkload(Store.open(CrashMain.config(SagaWorkload.bank(file), durability)), random);
        ordering.recover(agent);
        while (true) {
            ordering.order(this);
        }
    }

    /** Runs one operation and records it in the ledger. */
    void piece(int rows, Piece piece) {
        String work = name + "." + pieces++;
        ledger.begun(work, rows);
        try {
            OptionalLong sequence = piece.done(work);
            if (sequence.isPresent()) {
                ledger.acknowledged(work, sequence.getAsLong());
            } else {
                ledger.refused(work);
            }
        } catch (OutcomeUnknownException | StoreClosedException e) {
            // The outcome is unknown, so the ledger records no answer.
            ledger.odd(work + ": " + e);
        } catch (FencedException e) {
            ledger.refused(work);
            throw e;
        } catch (FencepostException e) {
            // All other errors prove that nothing was written.
            ledger.refused(work);
            rest(e);
        }
    }

    /** Pauses after a refusal that the next attempt would meet too. */
    static void rest(FencepostException e) {
        if (!e.retryable()) {
            LockSupport.parkNanos(REST_NANOS);
        }
    }

    /** Runs a read, and records in the ledger whether it was answered. The kind is {@code cached} or {@code file}. */
    void reading(String kind, Runnable action) {
        String read = name + "." + kind + "." + pieces++;
        ledger.asked(read);
        try {
            action.run();
            ledger.served(read);
        } catch (FencepostException e) {
            ledger.unread(read);
            rest(e);
        }
    }

    private OptionalLong put(String work) {
        return told(agent.tryPut(Keys.PUT.key("" + random.nextInt(30)), Keys.value(random.nextInt(100), work)));
    }

    private OptionalLong count(String work) {
        Key<String> key = Keys.COUNTER.key("" + random.nextInt(6));
        return OptionalLong.of(agent.update(
                        key, Keys.value(0, "none"), before -> Keys.value(Keys.number(before) + 1, work))
                .sequence());
    }

    /** Moves an amount between two accounts, and appends an event about it. */
    private OptionalLong move(String work) {
        int from = random.nextInt(Keys.ACCOUNTS);
        int to = (from + 1 + random.nextInt(Keys.ACCOUNTS - 1)) % Keys.ACCOUNTS;
        int amount = random.nextInt(10);
        agent.transact(tx -> {
            Key<String> source = Keys.ACCOUNT.key("" + from);
            Key<String> target = Keys.ACCOUNT.key("" + to);
            int there = Keys.number(tx.get(source).orElseThrow().value());
            int here = Keys.number(tx.get(target).orElseThrow().value());
            tx.put(source, Keys.value(there - amount, work));
            tx.put(target, Keys.value(here + amount, work));
            tx.append(Keys.MOVES, new NewEvent<>(work, "moved " + amount));
            return there;
        });
        return OptionalLong.of(0);
    }

    /** Writes several keys in one commit, with preconditions that may not hold. */
    private OptionalLong batch(String work) {
        int first = random.nextInt(20);
        WriteBatch writes = WriteBatch.of().append(Keys.BATCHES, new NewEvent<>(work, "batch"));
        for (int i = 0; i < 3; i++) {
            Key<String> key = Keys.BATCH.key("" + (first + i));
            long version = store.get(key).map(found -> found.version()).orElse(0L) + (random.nextInt(6) == 0 ? 1 : 0);
            writes.put(
                    key, Keys.value(i, work), version == 0 ? Precondition.ifAbsent() : Precondition.ifVersion(version));
        }
        return agent.tryCommit(writes) instanceof CommitResult.Applied applied
                ? OptionalLong.of(applied.writes().get(0).sequence())
                : OptionalLong.empty();
    }

    /** Requests several writes without waiting in between. */
    private void aside() {
        List<CompletableFuture<?>> under = new ArrayList<>();
        for (int i = 0; i < ASIDE; i++) {
            String work = name + "." + pieces++;
            ledger.begun(work, 1);
            CompletionStage<WriteResult<String>> stage =
                    agent.async().put(Keys.PUT.key("aside-" + random.nextInt(30)), Keys.value(i, work));
            under.add(stage.thenAccept(result -> told(result)
                            .ifPresentOrElse(
                                    sequence -> ledger.acknowledged(work, sequence), () -> ledger.refused(work)))
                    .toCompletableFuture());
        }
        CompletableFuture.allOf(under.toArray(CompletableFuture[]::new))
                .exceptionally(failure -> null)
                .join();
    }

    /** Returns the sequence of a write; empty if it was refused because of a conflict or a claim. */
    static OptionalLong told(WriteResult<String> result) {
        return result instanceof Committed<String> committed
                ? OptionalLong.of(committed.sequence())
                : OptionalLong.empty();
    }
}
