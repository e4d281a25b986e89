package dev.fencepost.benchmarks.peers;

import dev.fencepost.Durability;
import dev.fencepost.benchmarks.peers.ServerProcess.Stop;
import dev.fencepost.benchmarks.run.Programs;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Pipeline;

/**
 * Redis with its append-only file, one round trip of a script, and a connection for each thread. The file is synced
 * before every answer, or else every second. In that case the system has a commit before the acknowledgement, so that
 * it survives the server. The history of a key is a list, so that an index finds version n.
 */
final class RedisPeer extends Peer {
    private static final String HOST = "127.0.0.1";
    private static final String HISTORY = "history:";
    private static final String EPOCH = "0";
    private static final int LONGEST_ANSWER_MILLIS = 60_000;
    private static final int PAGE = 10_000;
    private static final String SCRIPT = """
            local now = redis.call('HMGET', KEYS[1], 'version', 'epoch')
            if now[1] ~= ARGV[1] or now[2] ~= ARGV[2] then
              return tonumber(now[1])
            end
            local version = tonumber(ARGV[1]) + 1
            redis.call('HSET', KEYS[1], 'version', version, 'value', ARGV[3])
            redis.call('RPUSH', KEYS[2], table.concat({ARGV[3], version, now[2], ARGV[4], ARGV[5]}, ' '))
            return 0""";

    private final ServerProcess server;
    private final int port;

    private RedisPeer(ServerProcess server, int port, int keys) {
        super(keys);
        this.server = server;
        this.port = port;
    }

    /** Returns the reason why Redis cannot be measured here, if there is one. */
    static Optional<String> absence() {
        return Programs.find("redis-server").isPresent()
                ? Optional.empty()
                : Optional.of("no redis-server on the path; it is Debian's package of that name");
    }

    static Peer open(Path folder, Durability durability, int keys) throws IOException, InterruptedException {
        int port = ServerProcess.freePort();
        List<String> command = List.of(
                Programs.find("redis-server").orElseThrow().toString(),
                "--bind",
                HOST,
                "--port",
                Integer.toString(port),
                "--dir",
                folder.toString(),
                "--save",
                "",
                "--appendonly",
                "yes",
                "--appendfsync",
                durability == Durability.POWER_LOSS ? "always" : "everysec");
        ServerProcess server = ServerProcess.start(folder.resolve("redis.log"), Stop.TERM, command);
        try {
            RedisPeer peer = new RedisPeer(server, port, keys);
            server.awaitAnswer(peer::ping);
            peer.fill();
            return peer;
        } catch (IOException | InterruptedException | RuntimeException | Error e) {
            server.close();
            throw e;
        }
    }

    /** Opens a separate connection. */
    Jedis connect() {
        return new Jedis(HOST, port, LONGEST_ANSWER_MILLIS);
    }

    private void ping() {
        try (Jedis connection = connect()) {
            connection.ping();
        }
    }

    private void fill() {
        try (Jedis connection = connect()) {
            Pipeline pipeline = connection.pipelined();
            for (String key : keys) {
                pipeline.hset(key, Map.of("version", "1", "epoch", EPOCH, "value", BenchmarkValues.of(1)));
                pipeline.rpush(HISTORY + key, BenchmarkValues.of(1) + " 1 " + EPOCH);
            }
            pipeline.sync();
        }
    }

    @Override
    Worker worker() {
        return new RedisWorker(connect());
    }

    /** The connection of one thread. */
    private final class RedisWorker extends OptimisticWorker {
        private final Jedis connection;
        private final String script;

        RedisWorker(Jedis connection) {
            this.connection = connection;
            this.script = connection.scriptLoad(SCRIPT);
        }

        @Override
        OptionalLong attempt(int key, long version) {
            List<String> arguments = List.of(
                    Long.toString(version),
                    EPOCH,
                    BenchmarkValues.of(version + 1),
                    BenchmarkValues.WRITER,
                    Long.toString(System.currentTimeMillis()));
            Object current = connection.evalsha(script, List.of(keys[key], HISTORY + keys[key]), arguments);
            return current.equals(0L) ? OptionalLong.empty() : OptionalLong.of((Long) current);
        }

        @Override
        public void close() {
            connection.close();
        }
    }

    @Override
    List<ProcessHandle> servers() {
        return server.all();
    }

    @Override
    VerificationTotals tally() {
        long versions = 0;
        long history = 0;
        long wrong = 0;
        try (Jedis connection = connect()) {
            for (String key : keys) {
                versions += Long.parseLong(connection.hget(key, "version")) - 1;
                long length = connection.llen(HISTORY + key);
                history += length - 1;
                for (long first = 0; first < length; first += PAGE) {
                    List<String> page = connection.lrange(HISTORY + key, first, first + PAGE - 1);
                    for (int i = 0; i < page.size(); i++) {
                        wrong += BenchmarkValues.version(page.get(i)) == first + i + 1 ? 0 : 1;
                    }
                }
            }
        }
        return new VerificationTotals(versions, history, wrong);
    }

    @Override
    public void close() {
        server.close();
    }
}
