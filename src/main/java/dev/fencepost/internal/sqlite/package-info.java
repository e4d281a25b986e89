/**
 * SQLite's file as a store: checks that refuse an unusable file, connections, migrations, the WAL and its index, the
 * queue of writing processes, checkpoints, backups, and the integrity check. Everything specific to SQLite is here.
 */
@NullMarked
package dev.fencepost.internal.sqlite;

import org.jspecify.annotations.NullMarked;
