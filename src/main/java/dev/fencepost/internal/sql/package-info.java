/**
 * The tables of a store: rows, and statements over JDBC through one {@link dev.fencepost.internal.sql.Session}. The
 * packages above make the decisions; this one only reads and writes rows. It opens no connections.
 */
@NullMarked
package dev.fencepost.internal.sql;

import org.jspecify.annotations.NullMarked;
