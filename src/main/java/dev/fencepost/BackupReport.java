package dev.fencepost;

import java.nio.file.Path;

/**
 * The result of a backup.
 *
 * @param file the path of the backup, absolute
 * @param pages the number of its pages
 * @param bytes its size
 * @param position the newest commit that it holds
 */
public record BackupReport(Path file, long pages, long bytes, Position position) {}
