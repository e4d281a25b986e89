package dev.fencepost.internal.sqlite;

import dev.fencepost.internal.engine.ProcessMessages;
import java.io.IOException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Messages between processes through Unix domain sockets. Each process that receives has one beside the database. A
 * sender keeps its connections. No operation blocks: a message that its receiver is too slow to take is dropped.
 *
 * <p>A process that was killed leaves its socket behind. The next process that begins to receive removes it.
 */
final class SocketMessages implements ProcessMessages {
    private static final Logger LOG = LoggerFactory.getLogger(SocketMessages.class);

    /** The length of the longest path of a socket, in bytes, that all platforms accept. */
    private static final int MAX_PATH_BYTES = 100;

    private static final int HEXADECIMAL = 16;

    private final Path database;
    private final Map<Long, SocketChannel> connections = new HashMap<>();
    private @Nullable SocketReceiver receiver;
    private boolean absent;

    /** Creates the messages between the processes that have a database open. No file is created yet. */
    SocketMessages(Path database) {
        this.database = database;
    }

    private Path socket(long process) {
        return database.resolveSibling(prefix() + Long.toString(process, HEXADECIMAL));
    }

    private String prefix() {
        return database.getFileName() + "-wake-";
    }

    @Override
    public synchronized boolean receive(long process, Consumer<ByteBuffer> handler) {
        if (receiver == null && !absent) {
            try {
                begin(socket(process), handler);
            } catch (IOException | RuntimeException e) {
                LOG.debug("No messages can be received beside {}; waiters poll instead", database, e);
                absent = true;
            }
        }
        return receiver != null;
    }

    private void begin(Path file, Consumer<ByteBuffer> handler) throws IOException {
        int length = file.toString().getBytes(StandardCharsets.UTF_8).length;
        if (length > MAX_PATH_BYTES) {
            throw new IOException("The path of '" + file + "' has " + length + " bytes, more than " + MAX_PATH_BYTES);
        }
        removeAbandoned();
        receiver = SocketReceiver.open(file, database, handler);
    }

    /** Removes the sockets of processes that ended without removing them. */
    private void removeAbandoned() throws IOException {
        Path folder = Objects.requireNonNull(database.getParent(), "folder");
        try (DirectoryStream<Path> sockets = Files.newDirectoryStream(
                folder, file -> String.valueOf(file.getFileName()).startsWith(prefix()))) {
            for (Path file : sockets) {
                if (isAbandoned(file)) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }

    private static boolean isAbandoned(Path file) {
        try {
            connect(file).close();
            return false;
        } catch (ConnectException e) {
            return true;
        } catch (IOException e) {
            LOG.debug("Could not connect to {}", file, e);
            return false;
        }
    }

    private static SocketChannel connect(Path file) throws IOException {
        SocketChannel connecting = SocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            connecting.configureBlocking(false);
            if (!connecting.connect(UnixDomainSocketAddress.of(file))) {
                throw new IOException("The receiver at '" + file + "' accepts no connection now");
            }
            return connecting;
        } catch (IOException | RuntimeException e) {
            connecting.close();
            throw e;
        }
    }

    @Override
    public synchronized void send(long process, ByteBuffer message) {
        ByteBuffer framed = ByteBuffer.allocate(Integer.BYTES + message.remaining());
        framed.putInt(message.remaining()).put(message.duplicate()).flip();
        // An interrupt is meant for the caller. It would close the connection.
        boolean interrupted = Thread.interrupted();
        try {
            if (!absent && !isSent(connections.get(process), framed)) {
                disconnect(process);
                SocketChannel connected = connect(socket(process));
                connections.put(process, connected);
                if (!isSent(connected, framed.rewind())) {
                    disconnect(process);
                }
            }
        } catch (IOException | RuntimeException e) {
            LOG.debug("A message to process {} was lost; it polls", process, e);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Returns whether the whole message was sent. If not, the connection cannot be used any more. */
    private static boolean isSent(@Nullable SocketChannel connection, ByteBuffer framed) {
        try {
            return connection != null && connection.write(framed) > 0 && !framed.hasRemaining();
        } catch (IOException e) {
            LOG.trace("A connection was closed by its receiver", e);
            return false;
        }
    }

    private void disconnect(long process) {
        try {
            SocketChannel connection = connections.remove(process);
            if (connection != null) {
                connection.close();
            }
        } catch (IOException e) {
            LOG.debug("Could not close the connection to process {}", process, e);
        }
    }

    @Override
    public synchronized void close() {
        absent = true;
        if (receiver != null) {
            receiver.close();
            receiver = null;
        }
        Map.copyOf(connections).keySet().forEach(this::disconnect);
    }
}
