/** Tests of a whole store with replaced parts. */
@org.jspecify.annotations.NullMarked
package dev.fencepost.internal;
