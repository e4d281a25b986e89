package dev.fencepost.internal.sqlite;

import dev.fencepost.internal.engine.ProcessMessages;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Unix domain socket on which this process receives messages, each after its length. One daemon thread reads all
 * connections, and never waits for one of them: a sender that is stopped in the middle of a message delays no other.
 */
final class SocketReceiver implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SocketReceiver.class);
    private static final int BACKLOG = 256;

    private final Path file;
    private final Selector selector;
    private final ServerSocketChannel server;
    private final Consumer<ByteBuffer> receiver;
    private volatile boolean closed;

    private SocketReceiver(Path file, Selector selector, ServerSocketChannel server, Consumer<ByteBuffer> receiver) {
        this.file = file;
        this.selector = selector;
        this.server = server;
        this.receiver = receiver;
    }

    /**
     * Creates the socket with the mode, group and owner of the database, and starts the thread.
     *
     * @throws IOException if the socket cannot be created
     */
    static SocketReceiver open(Path file, Path database, Consumer<ByteBuffer> receiver) throws IOException {
        Selector selector = Selector.open();
        try {
            ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
            SocketReceiver opened = new SocketReceiver(file, selector, server, receiver);
            try {
                opened.begin(database);
            } catch (IOException | RuntimeException e) {
                server.close();
                throw e;
            }
            return opened;
        } catch (IOException | RuntimeException e) {
            selector.close();
            throw e;
        }
    }

    private void begin(Path database) throws IOException {
        server.bind(UnixDomainSocketAddress.of(file), BACKLOG);
        Sidecar.adopt(file, database);
        server.configureBlocking(false);
        server.register(selector, SelectionKey.OP_ACCEPT);
        Thread reading = new Thread(this::read, "fencepost-messages");
        reading.setDaemon(true);
        reading.start();
    }

    private void read() {
        try {
            while (!closed) {
                selector.select(this::handle);
            }
        } catch (IOException | RuntimeException e) {
            LOG.warn("Reception of messages at {} failed; waiters of this process poll instead", file, e);
        } finally {
            closeAll();
        }
    }

    private void handle(SelectionKey key) {
        try {
            if (key.isAcceptable()) {
                accept();
            } else {
                receive(key);
            }
        } catch (IOException e) {
            LOG.debug("A connection to {} failed", file, e);
            disconnect(key);
        }
    }

    private void accept() throws IOException {
        SocketChannel connected = server.accept();
        if (connected != null) {
            connected.configureBlocking(false);
            ByteBuffer received = ByteBuffer.allocate(Integer.BYTES + ProcessMessages.MAX_BYTES);
            connected.register(selector, SelectionKey.OP_READ, received);
        }
    }

    private void receive(SelectionKey key) throws IOException {
        ByteBuffer received = (ByteBuffer) key.attachment();
        if (((SocketChannel) key.channel()).read(received) < 0) {
            disconnect(key);
            return;
        }
        received.flip();
        while (hasMessage(received)) {
            int length = received.getInt();
            receiver.accept(received.slice(received.position(), length));
            received.position(received.position() + length);
        }
        received.compact();
    }

    private static boolean hasMessage(ByteBuffer received) throws IOException {
        if (received.remaining() < Integer.BYTES) {
            return false;
        }
        int length = received.getInt(received.position());
        if (length < 0 || length > ProcessMessages.MAX_BYTES) {
            throw new IOException(
                    "The length of a message is " + length + "; it must be from 0 to " + ProcessMessages.MAX_BYTES);
        }
        return received.remaining() >= Integer.BYTES + length;
    }

    private static void disconnect(SelectionKey key) {
        try {
            key.channel().close();
        } catch (IOException e) {
            LOG.debug("Could not close a connection", e);
        }
    }

    private void closeAll() {
        try (selector;
                server) {
            selector.keys().forEach(SocketReceiver::disconnect);
        } catch (IOException e) {
            LOG.debug("Could not close {}", file, e);
        }
    }

    /** Removes the socket, and ends the thread, which closes the connections. */
    @Override
    public void close() {
        try {
            Files.deleteIfExists(file);
            server.close();
        } catch (IOException e) {
            LOG.debug("Could not remove {}, which is harmless", file, e);
        }
        closed = true;
        selector.wakeup();
    }
}
