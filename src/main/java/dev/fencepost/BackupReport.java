package dev.fencepost;

import java.nio.file.Path;

/**
 * The result of a backup.
 *
 * @param file the path of the backup, absolute
 * @param pages the number of pages in the backup
 * @param bytes the size of the backup in bytes
 * @param position the position of the newest commit in the backup
 */
public record BackupReport(Path file, long pages, long bytes, Position position) {}
