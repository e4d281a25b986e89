package dev.fencepost.specs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.Stream;

/** The folder of the specifications. */
public final class Specs {
    public static final Path FOLDER = Path.of(System.getProperty("basedir", System.getProperty("user.dir")), "specs");
    private static final Path MUTANTS = FOLDER.resolve("mutants");

    private Specs() {}

    static List<SpecModule> modules() {
        return read(FOLDER, ".tla", SpecModule::new);
    }

    static SpecModule module(String name) {
        return modules().stream()
                .filter(module -> module.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    static List<SpecConfig> models() {
        return read(FOLDER, ".cfg", SpecConfig::new);
    }

    static List<SpecConfig> modelsOf(SpecModule module) {
        return models().stream()
                .filter(model -> model.module().equals(module.name()))
                .toList();
    }

    static SpecConfig model(String file) {
        return models().stream()
                .filter(model -> file.equals(model.name() + ".cfg"))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("There is no model " + file));
    }

    static List<SpecConfig> mutants() {
        return read(MUTANTS, ".cfg", SpecConfig::new);
    }

    static List<SpecConfig> mutantsOf(SpecModule module) {
        return mutants().stream()
                .filter(mutant -> model(mutant.base()).module().equals(module.name()))
                .toList();
    }

    static String readme() {
        return text(FOLDER.resolve("README.md"));
    }

    /** Copies all modules and mutants, for the model checker to find. */
    public static void copyModules(Path target) throws IOException {
        for (Path folder : List.of(FOLDER, MUTANTS)) {
            for (Path file : files(folder, ".tla")) {
                Files.copy(file, target.resolve(file.getFileName()));
            }
        }
    }

    private static <T> List<T> read(Path folder, String ending, BiFunction<String, String, T> reader) {
        return files(folder, ending).stream()
                .map(file -> reader.apply(file.getFileName().toString().replace(ending, ""), text(file)))
                .toList();
    }

    private static List<Path> files(Path folder, String ending) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(ending))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
