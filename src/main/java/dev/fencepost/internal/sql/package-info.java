/**
 * The access to the file: connections, statements, migrations, and the checks that refuse an unusable store. Everything
 * specific to SQLite is here. The packages above make the decisions; this one only reads and writes rows.
 */
@NullMarked
package dev.fencepost.internal.sql;

import org.jspecify.annotations.NullMarked;
