package dev.fencepost.verification.crash;

import dev.fencepost.Durability;
import dev.fencepost.Lease;
import dev.fencepost.Store;
import dev.fencepost.StoreConfig;
import dev.fencepost.testing.WorkerMain;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

/**
 * A process that works on a store with several threads until it is killed, and records its operations in a ledger. It
 * ends with its standard input, so that it never outlives its parent.
 */
public final class CrashMain {
    static final Duration HEARTBEAT = Duration.ofMillis(50);
    static final Lease LEASE = Lease.of(Duration.ofMillis(200));

    /** The roles that the threads of a process can have. */
    static final String EVERYTHING =
            "put,count,move,batch,aside,claim,intrude,propose,project,curate,order,look,tidy,create";

    private CrashMain() {}

    /** Returns the configuration that all processes use for the file. */
    public static StoreConfig config(Path file, Durability durability) {
        return StoreConfig.of(file).withHeartbeat(HEARTBEAT).withDurability(durability);
    }

    /**
     * Runs the process. Arguments: the file; the folder of the ledgers; the name of the process; a seed; the
     * durability; the roles of its threads, separated by commas; and optionally the milliseconds until its normal end.
     */
    public static void main(String[] args) throws IOException {
        WorkerMain.endWithStandardInput();
        Path file = Path.of(args[0]);
        String life = args[2];
        Random seeds = new Random(Long.parseLong(args[3]));
        Durability durability = Durability.valueOf(args[4]);
        Ledger ledger = new Ledger(AcknowledgedOperations.ledger(Path.of(args[1]), life));
        StoreConfig config = config(file, durability);
        ledger.opening();
        Store store = Store.open(config);
        ledger.opened(store.id());
        List<Thread> threads = new ArrayList<>();
        String[] roles = args[5].split(",");
        for (int i = 0; i < roles.length; i++) {
            Workload labour =
                    new Workload(store, config, store.agent(life + "-" + i), ledger, life + "." + i, seeds.nextLong());
            String role = roles[i];
            Thread thread = new Thread(() -> labour.go(role), role);
            thread.setDaemon(true);
            threads.add(thread);
        }
        threads.forEach(Thread::start);
        if (args.length > 6) {
            LockSupport.parkNanos(1_000_000L * Integer.parseInt(args[6]));
            System.exit(0);
        }
        while (true) {
            LockSupport.park();
        }
    }
}
