package dev.fencepost.laws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.fencepost.Agent;
import dev.fencepost.Claim;
import dev.fencepost.ClaimResult;
import dev.fencepost.Key;
import dev.fencepost.Lease;
import dev.fencepost.testing.ExternalProgram;
import dev.fencepost.testing.WorkerProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Processes in namespaces of their own, as in containers. A live holder keeps its claim, even from processes that
 * cannot see it. A dead holder loses its claim at once where its death is certain, and otherwise with its lease.
 */
class NamespacesTest extends LawTest {
    private static final Key<String> KEY = Key.text("k");
    private static final String LONG = "3600000";
    private static final String[] OTHER_TIME = {"unshare", "-T", "--boottime", "5000"};
    private static final String[] CONTAINER = {"unshare", "--pid", "--fork", "--kill-child", "--mount-proc"};

    private final List<Process> keepers = new ArrayList<>();

    /** Skips the test if the system does not let this user create namespaces. */
    private static void assumePermitted(String... wrapper) {
        String[] command = with(wrapper, "true");
        assumeTrue(
                ExternalProgram.succeeds(command),
                "needs the right to make namespaces, as root has it: " + List.of(command));
    }

    private WorkerProcess start(String... wrapper) {
        WorkerProcess worker = startWorker(wrapper).awaitReady();
        assertThat(worker.ask("open", "durability=PROCESS_DEATH", "heartbeat=100"))
                .isEqualTo("opened");
        return worker;
    }

    private WorkerProcess holder(String... wrapper) {
        WorkerProcess holder = start(wrapper);
        assertThat(holder.ask("claim", "c", KEY.name(), LONG, "0")).isEqualTo("granted 1");
        return holder;
    }

    private static String ask(WorkerProcess contender) {
        return contender.ask("claim", "c", KEY.name(), LONG, "0");
    }

    private ClaimResult ask() {
        return open().agent("contender").claim(KEY, Lease.of(Duration.ofHours(1)));
    }

    /** Starts a pid namespace whose first process runs the shell commands, and returns how to enter it. */
    private String[] namespace(String... prepare) throws IOException {
        String script = String.join("; ", prepare) + "; echo ready; exec sleep infinity";
        String withoutPtrace = "exec setpriv --bounding-set=-sys_ptrace --inh-caps=-sys_ptrace sh -c '" + script + "'";
        Process keeper = new ProcessBuilder(
                        "unshare", "--pid", "--fork", "--kill-child", "--mount", "sh", "-c", withoutPtrace)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        keepers.add(keeper);
        assertThat(keeper.inputReader().readLine()).isEqualTo("ready");
        long first = keeper.children().findFirst().orElseThrow().pid();
        // The class path may be relative to the working directory.
        return new String[] {"nsenter", "-t", "" + first, "--wd=" + Path.of("").toAbsolutePath(), "-p"};
    }

    private static String[] with(String[] wrapper, String... more) {
        List<String> all = new ArrayList<>(List.of(wrapper));
        all.addAll(List.of(more));
        return all.toArray(String[]::new);
    }

    @AfterEach
    void endNamespaces() {
        keepers.forEach(Process::destroyForcibly);
    }

    @Test
    void holderInAnotherTimeNamespace_keepsItsClaim() throws Exception {
        assumePermitted(OTHER_TIME);
        WorkerProcess holder = holder(OTHER_TIME);
        assertThat(ask()).isInstanceOf(ClaimResult.Busy.class);
        holder.kill();
        assertThat(ask()).isInstanceOf(ClaimResult.Granted.class);
    }

    @Test
    void contenderInAnotherTimeNamespace_takesNoLiveClaim() throws Exception {
        assumePermitted(OTHER_TIME);
        WorkerProcess holder = holder();
        WorkerProcess contender = start(OTHER_TIME);
        assertThat(ask(contender)).isEqualTo("busy 0");
        holder.kill();
        assertThat(ask(contender)).isEqualTo("granted 3");
    }

    @Test
    void sharedPidNamespaceWithoutItsProc_leavesClaimsToTheirLease() throws Exception {
        assumePermitted("unshare", "--pid", "--fork", "--mount");
        String[] enter = namespace("true");
        WorkerProcess holder = holder(enter);
        WorkerProcess blind = start(enter);
        WorkerProcess seeing = start(with(enter, "unshare", "--mount-proc"));
        assertThat(ask(blind)).isEqualTo("busy 0");
        assertThat(ask(seeing)).isEqualTo("busy 0");
        holder.kill();
        assertThat(ask(blind)).isEqualTo("busy 0");
        assertThat(ask(seeing)).isEqualTo("granted 3");
    }

    @Test
    void holderInAnotherPidNamespace_losesItsClaimWithItsLease() throws Exception {
        assumePermitted(CONTAINER);
        WorkerProcess holder = start(CONTAINER);
        holder.ask("claim", "c", KEY.name(), "1000", "0");
        Agent contender = open().agent("contender");
        Lease lease = Lease.of(Duration.ofHours(1));
        assertThat(contender.claim(KEY, lease)).isInstanceOf(ClaimResult.Busy.class);
        holder.kill();
        Claim claim = contender.claim(KEY, lease, Duration.ofMinutes(1)).orThrow();
        assertThat(claim.epoch(KEY)).isEqualTo(3);
        assertThat(firstEnding()).isEqualTo("lease-expired");
    }

    private String firstEnding() throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + config().file());
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT end_reason FROM claims ORDER BY id LIMIT 1")) {
            return rows.getString(1);
        }
    }

    @Test
    void hiddenHolder_keepsItsClaim() throws Exception {
        assumePermitted("unshare", "--pid", "--fork", "--mount");
        assumePermitted("setpriv", "--bounding-set=-sys_ptrace", "--inh-caps=-sys_ptrace");
        // Never on the machine's own /proc: options of a shared mount would apply to all processes.
        String[] enter = with(namespace("mount -t proc -o hidepid=2 proc /proc"), "-m");
        WorkerProcess holder = holder(enter);
        WorkerProcess contender = start(with(enter, "setpriv", "--bounding-set=-sys_ptrace", "--inh-caps=-sys_ptrace"));
        assertThat(ask(contender)).isEqualTo("busy 0");
        holder.kill();
        assertThat(ask(contender)).as("the lease decides").isEqualTo("busy 0");
    }

    @Test
    void processesOfOneContainer_seeEachOtherDie() throws Exception {
        assumePermitted("unshare", "--pid", "--fork", "--mount");
        String[] enter = with(namespace("mount -t proc proc /proc"), "-m");
        WorkerProcess holder = holder(enter);
        WorkerProcess contender = start(enter);
        assertThat(ask(contender)).isEqualTo("busy 0");
        holder.kill();
        assertThat(ask(contender)).isEqualTo("granted 3");
    }

    @Test
    void holderInAnotherUserNamespace_isSeenToDie() throws Exception {
        assumePermitted("unshare", "-U", "-r");
        WorkerProcess holder = holder("unshare", "-U", "-r");
        assertThat(ask()).isInstanceOf(ClaimResult.Busy.class);
        holder.kill();
        assertThat(ask()).isInstanceOf(ClaimResult.Granted.class);
    }
}
