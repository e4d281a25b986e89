package dev.fencepost.internal.sqlite;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Files of this library beside a database. They get the mode, the group and, if this process may give it, the owner of
 * the database, as SQLite's own files do: every user of the database must be able to use them.
 */
final class Sidecar {
    private static final Logger LOG = LoggerFactory.getLogger(Sidecar.class);

    private Sidecar() {}

    /**
     * Creates an empty file.
     *
     * @throws java.nio.file.FileAlreadyExistsException if it exists; its mode is not changed
     */
    static void create(Path file, Path database) throws IOException {
        PosixFileAttributeView like = view(database);
        if (like == null) {
            Files.createFile(file);
            return;
        }
        PosixFileAttributes wanted = like.readAttributes();
        FileAttribute<?> mode = PosixFilePermissions.asFileAttribute(wanted.permissions());
        Files.createFile(file, mode);
        adopt(file, wanted);
    }

    /** Gives a file that exists the mode, group and owner of the database. */
    static void adopt(Path file, Path database) throws IOException {
        PosixFileAttributeView like = view(database);
        if (like != null) {
            adopt(file, like.readAttributes());
        }
    }

    /**
     * Sets the mode, group and owner. The mode at creation lacks the bits of the umask, and the group is that of the
     * process.
     */
    private static void adopt(Path file, PosixFileAttributes wanted) {
        try {
            // Does not follow links: in a folder of several users another may have put one in the file's place.
            PosixFileAttributeView view = view(file);
            if (view == null) {
                return;
            }
            PosixFileAttributes made = view.readAttributes();
            if (!made.group().equals(wanted.group())) {
                view.setGroup(wanted.group());
            }
            if (!made.owner().equals(wanted.owner())
                    && System.getProperty("user.name").equals("root")) {
                view.setOwner(wanted.owner());
            }
            if (!made.permissions().equals(wanted.permissions())) {
                view.setPermissions(wanted.permissions());
            }
        } catch (IOException e) {
            LOG.warn("Cannot give {} the mode and group of the database; other users may be unable to use it", file, e);
        }
    }

    private static @Nullable PosixFileAttributeView view(Path file) {
        return Files.getFileAttributeView(file, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
    }
}
