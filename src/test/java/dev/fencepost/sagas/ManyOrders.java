package dev.fencepost.sagas;

import dev.fencepost.Agent;
import dev.fencepost.Codec;
import dev.fencepost.Durability;
import dev.fencepost.FencepostException;
import dev.fencepost.Key;
import dev.fencepost.Lease;
import dev.fencepost.RetryPolicy;
import dev.fencepost.Store;
import dev.fencepost.StoreConfig;
import dev.fencepost.saga.ExternalStep;
import dev.fencepost.saga.SagaDefinition;
import dev.fencepost.saga.StepContext;
import dev.fencepost.saga.StepFailedException;
import dev.fencepost.saga.StoreStep;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;

/**
 * A process that runs orders with random failures until it is killed or all have started. It also recovers the orders
 * of other processes. A second store is the outside world: it holds each order's account under the idempotency key.
 */
final class ManyOrders {
    static final Key<String> STOCK = Key.text("stock");
    static final Key<String> MONEY = Key.text("money");
    static final Duration HEARTBEAT = Duration.ofMillis(200);

    private static final RetryPolicy QUICK =
            new RetryPolicy(20, Duration.ofMillis(1), Duration.ofMillis(5), Duration.ofMinutes(1));

    private final Random random;
    private final Agent bank;

    private ManyOrders(long seed, Store outside) {
        this.random = new Random(seed);
        this.bank = outside.agent("bank");
    }

    private SagaDefinition<String> definition() {
        return SagaDefinition.of("order", 1, Codec.text())
                .lease(Lease.of(HEARTBEAT.multipliedBy(3)))
                .step(StoreStep.<String>of("reserve", (tx, context) -> OrderSaga.add(tx, STOCK, -1))
                        .compensatedBy((tx, context, output) -> OrderSaga.add(tx, STOCK, 1))
                        .retry(QUICK))
                .step(ExternalStep.<String>of("charge", context -> account(context, "charged"))
                        .compensatedBy((context, input, output) -> account(context, "refunded"))
                        .idempotent()
                        .compensateIfUnknown()
                        .retry(QUICK)
                        .compensationRetry(QUICK.maxAttempts(1_000)))
                .step(StoreStep.<String>of("book", (tx, context) -> {
                            fail(5);
                            return OrderSaga.add(tx, MONEY, 1);
                        })
                        .compensatedBy((tx, context, output) -> OrderSaga.add(tx, MONEY, -1))
                        .retry(QUICK))
                .step(ExternalStep.<String>of("send", context -> {
                            fail(10);
                            return "sent";
                        })
                        .withProbe(context -> new ExternalStep.ProbeResult.NotExecuted<>())
                        .retry(QUICK));
    }

    /** Charges or refunds an account. A refund is final, even if a charge arrives late. */
    private String account(StepContext<String> context, String what) throws IOException {
        if (random.nextInt(10) == 0) {
            throw new IOException("the line is dead before");
        }
        Key<String> account = Key.text("account/" + context.saga());
        bank.update(account, "open", before -> before.equals("refunded") ? before : what);
        if (random.nextInt(10) == 0) {
            throw new IOException("the line is dead after");
        }
        return what;
    }

    private void fail(int percent) throws StepFailedException {
        int roll = random.nextInt(100);
        if (roll < percent) {
            throw StepFailedException.permanent("bad luck");
        } else if (roll < 3 * percent) {
            throw StepFailedException.retryable("not now");
        }
    }

    /** Runs the process. Arguments: the folder, a seed, the numbers of the first order and the one after the last. */
    public static void main(String[] args) throws Exception {
        Path folder = Path.of(args[0]);
        long seed = Long.parseLong(args[1]);
        StoreConfig config = StoreConfig.of(folder.resolve("a.db"))
                .withHeartbeat(HEARTBEAT)
                .withDurability(Durability.PROCESS_DEATH);
        try (Store outside = Store.open(folder.resolve("bank.db"));
                Store store = Store.open(config)) {
            ManyOrders orders = new ManyOrders(seed, outside);
            Agent agent = store.agent("worker-" + seed);
            AutoCloseable recoverer = agent.sagas().recoverEvery(Duration.ofMillis(200), List.of(orders.definition()));
            for (int number = Integer.parseInt(args[2]); number < Integer.parseInt(args[3]); number++) {
                String id = "order-" + number;
                try {
                    agent.sagas().run(orders.definition(), id, "x");
                } catch (FencepostException e) {
                    // Another process carries the saga on.
                    System.err.println(id + ": " + e);
                }
                if (orders.random.nextInt(20) == 0) {
                    cancelOneOf(agent, orders.random, number);
                }
            }
            System.out.println("all have begun");
            System.in.read();
            recoverer.close();
        }
    }

    private static void cancelOneOf(Agent agent, Random random, int newest) {
        try {
            agent.sagas().cancel("order-" + random.nextInt(newest + 1), "at random");
        } catch (FencepostException e) {
            // It has ended, or never started.
            System.err.println(e.getMessage());
        }
    }
}
