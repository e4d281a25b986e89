/**
 * The file: connections, statements, migrations and doors. Whatever is particular to SQLite stands here, and nothing
 * here knows what a law is; the packages above decide, this one reads and writes rows.
 */
@NullMarked
package dev.fencepost.internal.sql;

import org.jspecify.annotations.NullMarked;
