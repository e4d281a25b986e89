package dev.fencepost.style;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/** Measures methods in lines, with the compiler's parser. */
final class Methods {
    private Methods() {}

    /** Returns the lines of each method with a body, from its modifiers to its last brace. */
    static List<Integer> lines(SourceText source) {
        JavaFileObject file =
                new SimpleJavaFileObject(URI.create("string:///Source.java"), JavaFileObject.Kind.SOURCE) {
                    @Override
                    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                        return source.content();
                    }
                };
        JavacTask task = (JavacTask) ToolProvider.getSystemJavaCompiler()
                .getTask(null, null, diagnostic -> {}, List.of("-proc:none"), null, List.of(file));
        SourcePositions positions = Trees.instance(task).getSourcePositions();
        List<Integer> lines = new ArrayList<>();
        try {
            for (CompilationUnitTree unit : task.parse()) {
                unit.accept(new Scanner(unit, positions, lines), null);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("'" + source.file() + "' cannot be parsed", e);
        }
        return lines;
    }

    private static final class Scanner extends TreeScanner<@Nullable Void, @Nullable Void> {
        private final CompilationUnitTree unit;
        private final SourcePositions positions;
        private final List<Integer> lines;

        Scanner(CompilationUnitTree unit, SourcePositions positions, List<Integer> lines) {
            this.unit = unit;
            this.positions = positions;
            this.lines = lines;
        }

        @Override
        public @Nullable Void visitMethod(MethodTree method, @Nullable Void nothing) {
            if (method.getBody() != null) {
                long first = unit.getLineMap().getLineNumber(positions.getStartPosition(unit, method));
                long last = unit.getLineMap().getLineNumber(positions.getEndPosition(unit, method));
                lines.add((int) (last - first + 1));
            }
            return super.visitMethod(method, nothing);
        }
    }
}
