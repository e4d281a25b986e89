/** Tests of the store as it is put together, with parts of one's own. */
@org.jspecify.annotations.NullMarked
package dev.fencepost.internal;
