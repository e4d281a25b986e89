/** Results as JSON, Markdown and pictures, with a judgement of the targets. */
@NullMarked
package dev.fencepost.benchmarks.report;

import org.jspecify.annotations.NullMarked;
