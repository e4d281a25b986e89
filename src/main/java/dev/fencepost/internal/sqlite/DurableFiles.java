package dev.fencepost.internal.sqlite;

import dev.fencepost.InvalidInputException;
import dev.fencepost.StorageException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/**
 * Creates files that appear under their name only when they are complete and on disk. SQLite never has such a file open
 * while a channel of it is open, so closing the channel drops no lock.
 */
final class DurableFiles {
    private DurableFiles() {}

    /** Returns a temporary name in the folder of a file, on the same file system. */
    static Path beside(Path file, String purpose) {
        return file.resolveSibling(file.getFileName() + "." + purpose + "-"
                + UUID.randomUUID().toString().substring(0, 8));
    }

    /** Creates an empty file that only its owner can read. */
    static void create(Path file) {
        try {
            Files.createFile(file, FileChecks.ownerOnly(file));
        } catch (IOException e) {
            throw failure("'" + file + "' cannot be created", e);
        }
    }

    /** Copies the permissions of one file to another, if the file system has POSIX permissions. */
    static void copyMode(Path from, Path to) {
        try {
            if (to.getFileSystem().supportedFileAttributeViews().contains("posix")) {
                Files.setPosixFilePermissions(to, Files.getPosixFilePermissions(from));
            }
        } catch (IOException e) {
            throw failure("The permissions of '" + from + "' cannot be applied to '" + to + "'", e);
        }
    }

    /** Syncs a file to disk (fsync). */
    static void force(Path file) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            channel.force(true);
        } catch (IOException e) {
            throw failure("'" + file + "' cannot be synced to disk", e);
        }
    }

    /**
     * Syncs the folder of a file to disk, so that the names in it are durable. Does nothing on platforms without POSIX
     * attributes.
     */
    static void forceFolder(Path file) {
        Path folder = file.toAbsolutePath().getParent();
        if (folder == null
                || !folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            return;
        }
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (IOException e) {
            throw failure("The folder '" + folder + "' cannot be synced to disk", e);
        }
    }

    /**
     * Renames a complete file to its final name, in one step.
     *
     * @param replace false to refuse a name that is taken
     * @throws InvalidInputException if the name is taken and must not be replaced
     */
    static void publish(Path temporary, Path target, boolean replace) {
        try {
            if (replace || !link(temporary, target)) {
                Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            }
        } catch (FileAlreadyExistsException e) {
            throw taken(target);
        } catch (AtomicMoveNotSupportedException e) {
            throw failure("'" + target + "' cannot be replaced atomically on this file system", e);
        } catch (IOException e) {
            throw failure("'" + temporary + "' cannot be renamed to '" + target + "'", e);
        }
        forceFolder(target);
    }

    static InvalidInputException taken(Path target) {
        return new InvalidInputException(
                "'" + target + "' exists and is not overwritten. Use another name, or replace it (--force)");
    }

    /**
     * Gives a file its name by a hard link, which fails if the name is taken, while a rename would replace it. Returns
     * false if the file system has no hard links.
     */
    private static boolean link(Path temporary, Path target) throws IOException {
        try {
            Files.createLink(target, temporary);
        } catch (FileAlreadyExistsException e) {
            throw e;
        } catch (UnsupportedOperationException | IOException e) {
            if (Files.exists(target)) {
                throw new FileAlreadyExistsException(target.toString());
            }
            return false;
        }
        Files.delete(temporary);
        return true;
    }

    /** Removes a file, with its rollback journal and its WAL. A missing file is no error. */
    static void remove(Path file) {
        for (String suffix : new String[] {"-journal", "-wal", ""}) {
            removeOne(file.resolveSibling(file.getFileName() + suffix));
        }
    }

    /** Renames a file that exists. */
    static void rename(Path from, Path to) {
        try {
            Files.move(from, to);
        } catch (IOException e) {
            throw failure("'" + from + "' cannot be renamed to '" + to + "'", e);
        }
    }

    /** Removes one file. A missing file is no error. */
    static void removeOne(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw failure("'" + file + "' cannot be removed", e);
        }
    }

    static StorageException failure(String what, IOException e) {
        return new StorageException(what + ": " + e.getMessage(), e);
    }
}
