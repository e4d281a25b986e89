package dev.fencepost;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.TypeParameterTree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreeScanner;
import java.io.IOException;
import java.lang.reflect.Executable;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** The parameter names of the public API, read from its sources: class files do not contain them. */
final class ParameterNames {
    private final Map<String, List<String>> names = new HashMap<>();

    ParameterNames() throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            JavacTask task = (JavacTask) compiler.getTask(
                    null, files, null, null, null, files.getJavaFileObjectsFromPaths(PublicSources.files()));
            task.parse().forEach(unit -> unit.accept(new Scanner(), ""));
        }
    }

    /** Returns the parameter names of a method or constructor, in order. */
    List<String> of(Executable executable) {
        String owner = executable.getDeclaringClass().getName().replaceAll(".*\\.", "");
        String types = Arrays.stream(executable.getParameterTypes())
                .map(Class::getSimpleName)
                .collect(Collectors.joining(","));
        String name = executable instanceof java.lang.reflect.Constructor<?> ? "<init>" : executable.getName();
        List<String> found = names.get(owner + "." + name + "(" + types + ")");
        if (found == null) {
            throw new AssertionError("no source of " + executable);
        }
        return found;
    }

    private final class Scanner extends TreeScanner<Void, String> {
        private final Set<String> variables = new HashSet<>();

        @Override
        public Void visitClass(ClassTree type, String outer) {
            String name = outer.isEmpty() ? type.getSimpleName().toString() : outer + "$" + type.getSimpleName();
            Set<String> before = Set.copyOf(variables);
            variables.addAll(named(type.getTypeParameters()));
            if (type.getKind() == Tree.Kind.RECORD) {
                List<VariableTree> components = new ArrayList<>();
                for (Tree member : type.getMembers()) {
                    if (member instanceof VariableTree field
                            && !field.getModifiers().getFlags().contains(javax.lang.model.element.Modifier.STATIC)) {
                        components.add(field);
                    }
                }
                note(name, "<init>", components);
            }
            super.visitClass(type, name);
            variables.clear();
            variables.addAll(before);
            return null;
        }

        @Override
        public Void visitMethod(MethodTree method, String type) {
            Set<String> before = Set.copyOf(variables);
            variables.addAll(named(method.getTypeParameters()));
            note(type, method.getName().toString(), List.copyOf(method.getParameters()));
            variables.clear();
            variables.addAll(before);
            return null;
        }

        private List<String> named(List<? extends TypeParameterTree> parameters) {
            return parameters.stream()
                    .map(parameter -> parameter.getName().toString())
                    .toList();
        }

        private void note(String type, String method, List<? extends VariableTree> parameters) {
            String types = parameters.stream().map(this::erased).collect(Collectors.joining(","));
            names.put(
                    type + "." + method + "(" + types + ")",
                    parameters.stream()
                            .map(parameter -> parameter.getName().toString())
                            .toList());
        }

        private String erased(VariableTree parameter) {
            String type = parameter.getType().toString().replaceAll("<.*>", "").replaceAll("@\\w+ ", "");
            if (variables.contains(type)) {
                return "Object";
            }
            return type.replace("...", "[]").replaceAll(".*\\.", "");
        }
    }

    /** Returns whether callers can call a method or constructor. */
    static boolean isPublic(Executable executable) {
        return Modifier.isPublic(executable.getModifiers()) && !executable.isSynthetic();
    }
}
