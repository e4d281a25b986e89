package dev.fencepost;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/** Measures files and methods in lines, with the compiler's parser. */
final class Sizes {
    private Sizes() {}

    static List<String> tooLarge(Path file, int mostLines, int mostMethodLines) throws IOException {
        List<String> large = new ArrayList<>();
        int lines = Files.readAllLines(file).size();
        if (lines > mostLines) {
            large.add(file + " has " + lines + " lines");
        }
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
            JavacTask task = (JavacTask) compiler.getTask(
                    null, manager, diagnostic -> {}, List.of("-proc:none"), null, manager.getJavaFileObjects(file));
            SourcePositions positions = Trees.instance(task).getSourcePositions();
            for (CompilationUnitTree unit : task.parse()) {
                new MethodScanner(unit, positions, mostMethodLines, large).scan(unit, null);
            }
        }
        return large;
    }

    private static final class MethodScanner extends TreeScanner<@Nullable Void, @Nullable Void> {
        private final CompilationUnitTree unit;
        private final SourcePositions positions;
        private final int most;
        private final List<String> large;

        MethodScanner(CompilationUnitTree unit, SourcePositions positions, int most, List<String> large) {
            this.unit = unit;
            this.positions = positions;
            this.most = most;
            this.large = large;
        }

        @Override
        public @Nullable Void visitMethod(MethodTree method, @Nullable Void nothing) {
            long first = unit.getLineMap().getLineNumber(positions.getStartPosition(unit, method));
            long last = unit.getLineMap().getLineNumber(positions.getEndPosition(unit, method));
            if (last - first + 1 > most) {
                large.add(unit.getSourceFile().getName() + ": " + method.getName() + " has " + (last - first + 1)
                        + " lines");
            }
            return super.visitMethod(method, nothing);
        }
    }
}
