package dev.fencepost.verification.crash;

import dev.fencepost.Agent;
import dev.fencepost.Codec;
import dev.fencepost.FencepostException;
import dev.fencepost.Key;
import dev.fencepost.RetryPolicy;
import dev.fencepost.Store;
import dev.fencepost.Transaction;
import dev.fencepost.Versioned;
import dev.fencepost.saga.ExternalStep;
import dev.fencepost.saga.SagaDefinition;
import dev.fencepost.saga.SagaInfo;
import dev.fencepost.saga.SagaOutcome;
import dev.fencepost.saga.SagaState;
import dev.fencepost.saga.StepContext;
import dev.fencepost.saga.StepFailedException;
import dev.fencepost.saga.StoreStep;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/** Sagas with random failures. A second store is the outside world, with an account for each order. */
final class SagaWorkload {
    private static final Key<String> STOCK = Key.text("stock");
    private static final Key<String> MONEY = Key.text("money");
    private static final RetryPolicy QUICK =
            new RetryPolicy(100, Duration.ofMillis(1), Duration.ofMillis(5), Duration.ofMinutes(1));
    private static final Duration LOOK = Duration.ofMillis(100);
    private static final int MOST_LOOKS = 100;

    private final Agent bank;
    private final Random random;
    private final AtomicInteger orders = new AtomicInteger();

    SagaWorkload(Store outside, Random random) {
        this.bank = outside.agent("bank");
        this.random = random;
    }

    static Path bank(Path file) {
        return file.resolveSibling("bank.db");
    }

    private SagaDefinition<String> definition() {
        return SagaDefinition.of("order", 1, Codec.text())
                .lease(CrashMain.LEASE)
                .step(StoreStep.<String>of("reserve", (tx, context) -> add(tx, STOCK, -1))
                        .compensatedBy((tx, context, output) -> add(tx, STOCK, 1))
                        .retry(QUICK))
                .step(ExternalStep.<String>of("charge", context -> account(context, "charged"))
                        .compensatedBy((context, input, output) -> account(context, "refunded"))
                        .idempotent()
                        .compensateIfUnknown()
                        .retry(QUICK)
                        .compensationRetry(QUICK.maxAttempts(1_000)))
                .step(StoreStep.<String>of("book", (tx, context) -> book(tx))
                        .compensatedBy((tx, context, output) -> add(tx, MONEY, -1))
                        .retry(QUICK));
    }

    private String book(Transaction tx) throws StepFailedException {
        if (random.nextInt(5) == 0) {
            throw StepFailedException.permanent("bad luck");
        }
        return add(tx, MONEY, 1);
    }

    /** Charges or refunds an account. A refund is final, even if a charge arrives late. */
    private String account(StepContext<String> context, String what) throws IOException {
        if (random.nextInt(20) == 0) {
            throw new IOException("the line is dead");
        }
        Key<String> account = Key.text("account/" + context.saga());
        bank.update(account, "open", before -> before.equals("refunded") ? before : what);
        return what;
    }

    private static String add(Transaction tx, Key<String> key, int difference) {
        int before = tx.get(key).map(value -> Integer.parseInt(value.value())).orElse(0);
        tx.put(key, Integer.toString(before + difference));
        return Integer.toString(before);
    }

    /** Recovers, at intervals, the sagas of dead processes. */
    void recover(Agent agent) {
        agent.sagas().recoverEvery(LOOK, List.of(definition()));
    }

    /** Runs one order, which another process may have to recover. */
    void order(Workload labour) {
        String id = labour.name() + "-" + orders.getAndIncrement();
        try {
            SagaOutcome outcome = labour.agent().sagas().run(definition(), id, "x");
            labour.ledger().ended(id, outcome.state().word());
        } catch (FencepostException e) {
            // Another coordinator has taken the saga over and ends it.
            return;
        }
    }

    /** Returns the sagas that have not ended. */
    static List<String> unfinished(Store store) {
        return store.agent("reader").sagas().list(false).stream()
                .map(SagaInfo::id)
                .toList();
    }

    /**
     * Ends all remaining sagas and returns the violations.
     *
     * @param told the final states of sagas, as their coordinators received them
     * @param restored the sagas that a restore brought back to a time before their end; their effects outside remain
     */
    List<String> settle(Store store, Map<String, String> told, Set<String> restored) {
        Agent heir = store.agent("heir");
        for (int i = 0; i < MOST_LOOKS && !heir.sagas().list(false).isEmpty(); i++) {
            heir.sagas().recover(List.of(definition()));
        }
        List<String> wrong = new ArrayList<>();
        List<SagaInfo> sagas = heir.sagas().list(true);
        int completed = 0;
        for (SagaInfo saga : sagas) {
            boolean done = saga.state() == SagaState.COMPLETED;
            completed += done ? 1 : 0;
            String account = bank(saga.id());
            if (!saga.state().ended()) {
                wrong.add("a saga does not end: " + saga);
            } else if (done != account.equals("charged") && !restored.contains(saga.id())) {
                wrong.add("the account of " + saga.id() + " is " + account + ", and the saga is " + saga.state());
            } else if (!told.getOrDefault(saga.id(), saga.state().word())
                    .equals(saga.state().word())) {
                wrong.add("told that it was " + told.get(saga.id()) + ": " + saga);
            }
        }
        if (number(store, STOCK) != -completed || number(store, MONEY) != completed) {
            wrong.add(completed + " orders, stock " + number(store, STOCK) + ", money " + number(store, MONEY));
        }
        return wrong;
    }

    private String bank(String saga) {
        return bank.transact(
                tx -> tx.get(Key.text("account/" + saga)).map(Versioned::value).orElse("open"));
    }

    private static int number(Store store, Key<String> key) {
        return store.get(key).map(value -> Integer.parseInt(value.value())).orElse(0);
    }
}
