package dev.fencepost.benchmarks.peers;

import dev.fencepost.Durability;
import dev.fencepost.benchmarks.peers.ServerProcess.Stop;
import dev.fencepost.benchmarks.run.Programs;
import dev.fencepost.benchmarks.run.TemporaryFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A PostgreSQL server with its own cluster on the loopback address. PostgreSQL refuses to run as root. So root runs it
 * as the user that the package creates, in a folder that this user can access.
 */
final class PostgresServer implements AutoCloseable {
    private static final String USER = "postgres";
    private static final Path DEBIAN = Path.of("/usr/lib/postgresql");

    private final TemporaryFolder folder;
    private final ServerProcess process;
    private final String url;

    private PostgresServer(TemporaryFolder folder, ServerProcess process, String url) {
        this.folder = folder;
        this.process = process;
        this.url = url;
    }

    /**
     * Returns the reason why no server can run here, if there is one.
     *
     * @param parent the parent of its folder
     */
    static Optional<String> absence(Path parent) throws IOException, InterruptedException {
        if (programs().isEmpty()) {
            return Optional.of("no initdb under " + DEBIAN + " or on the path; it is in Debian's package postgresql");
        } else if (!isRoot()) {
            return Optional.empty();
        } else if (owner(parent).isEmpty() || Programs.find("setpriv").isEmpty()) {
            return Optional.of(
                    "it does not run as root, and there is no user " + USER + ", or no setpriv to become it");
        } else if (place(parent).isEmpty()) {
            return Optional.of("it does not run as root, and the user " + USER + " cannot reach " + parent);
        }
        return Optional.empty();
    }

    /**
     * Creates a cluster and starts a server on it.
     *
     * @param parent the parent of its folder; if the server's user cannot access that, another folder on the same disk
     *     is used
     */
    static PostgresServer start(Path parent, Durability durability) throws IOException, InterruptedException {
        Path place = place(parent).orElseThrow();
        TemporaryFolder folder = TemporaryFolder.in(place, "postgresql");
        try {
            if (isRoot()) {
                Files.setOwner(folder.path(), owner(parent).orElseThrow());
            }
            Path programs = programs().orElseThrow();
            Path data = folder.path().resolve("data");
            Programs.run(
                    folder.path(),
                    Duration.ofMinutes(1),
                    asUser(
                            programs.resolve("initdb").toString(),
                            "--pgdata=" + data,
                            "--username=" + USER,
                            "--auth=trust",
                            "--encoding=UTF8",
                            "--locale=C",
                            "--no-sync"));
            int port = ServerProcess.freePort();
            String url = "jdbc:postgresql://127.0.0.1:" + port + "/postgres?user=" + USER + "&prepareThreshold=1";
            List<String> command = asUser(
                    programs.resolve("postgres").toString(),
                    "-D",
                    data.toString(),
                    "--listen_addresses=127.0.0.1",
                    "--port=" + port,
                    "--unix_socket_directories=",
                    "--synchronous_commit=" + (durability == Durability.POWER_LOSS ? "on" : "off"));
            ServerProcess process = ServerProcess.start(folder.path().resolve("server.log"), Stop.QUIT, command);
            PostgresServer server = new PostgresServer(folder, process, url);
            process.awaitAnswer(() -> server.connect().close());
            return server;
        } catch (IOException | InterruptedException | RuntimeException | Error e) {
            folder.close();
            throw e;
        }
    }

    /** Returns the newest version of Debian's package, or else the programs on the path. */
    private static Optional<Path> programs() {
        List<Path> found = new ArrayList<>();
        try (Stream<Path> versions = Files.list(DEBIAN)) {
            versions.map(version -> version.resolve("bin"))
                    .sorted(Comparator.reverseOrder())
                    .forEach(found::add);
        } catch (IOException e) {
            // There is no such folder, so the package is not installed.
            found.clear();
        }
        Programs.find("initdb").map(Path::getParent).ifPresent(found::add);
        return found.stream()
                .filter(bin -> Files.isExecutable(bin.resolve("initdb")) && Files.isExecutable(bin.resolve("postgres")))
                .findFirst();
    }

    private static boolean isRoot() {
        return "root".equals(System.getProperty("user.name"));
    }

    private static Optional<UserPrincipal> owner(Path folder) throws IOException {
        try {
            UserPrincipalLookupService users = folder.getFileSystem().getUserPrincipalLookupService();
            return Optional.of(users.lookupPrincipalByName(USER));
        } catch (UserPrincipalNotFoundException | UnsupportedOperationException e) {
            return Optional.empty();
        }
    }

    private static List<String> asUser(String... command) {
        List<String> whole = new ArrayList<>();
        if (isRoot()) {
            whole.addAll(List.of("setpriv", "--reuid=" + USER, "--regid=" + USER, "--init-groups"));
        }
        whole.addAll(List.of(command));
        return whole;
    }

    /** Returns a folder on the disk under test that the server's user can access. */
    private static Optional<Path> place(Path parent) throws IOException, InterruptedException {
        if (!isRoot()) {
            return Optional.of(parent);
        }
        for (Path candidate : List.of(parent.toAbsolutePath(), Path.of("/var/tmp"), Path.of("/tmp"))) {
            if (Files.isDirectory(candidate)
                    && Files.getFileStore(candidate).equals(Files.getFileStore(parent))
                    && isReachable(candidate)) {
                return Optional.of(candidate);
            }
        }
        return Optional.empty();
    }

    private static boolean isReachable(Path folder) throws IOException, InterruptedException {
        return new ProcessBuilder(asUser("test", "-x", folder.toString()))
                        .start()
                        .waitFor()
                == 0;
    }

    Connection connect() throws SQLException {
        return DriverManager.getConnection(url);
    }

    /** Returns its processes, one of which serves each connection. */
    List<ProcessHandle> processes() {
        return process.all();
    }

    /** Stops the server and deletes its folder. */
    @Override
    public void close() throws IOException {
        try (folder) {
            process.close();
        }
    }
}
