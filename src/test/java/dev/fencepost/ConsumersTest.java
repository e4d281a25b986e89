package dev.fencepost;

import static dev.fencepost.ConsumerProgram.DEPENDENCIES;
import static dev.fencepost.ConsumerProgram.LIBRARY;
import static dev.fencepost.ConsumerProgram.SERVED;
import static dev.fencepost.ConsumerProgram.path;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.fencepost.testing.Jdk;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A small program that uses the library in each way that users deploy it, without a warning. Maven runs this test after
 * packaging.
 */
class ConsumersTest {
    private static final String MAIN = "app.Main";
    private static final String MODULES = LIBRARY + File.pathSeparator + DEPENDENCIES;
    private static final Path SPRING_BOOT = Path.of("target/spring-boot");

    @TempDir
    static Path folder;

    private static ConsumerProgram program;
    private static ConsumerProgram module;
    private static Path shaded;

    @BeforeAll
    static void build() throws IOException {
        ConsumerProgram.assumeBuilt();
        program = new ConsumerProgram(Files.createDirectory(folder.resolve("class-path")));
        program.compile("-cp", path(classPath(ConsumerProgram.dependencies())));
        module = new ConsumerProgram(Files.createDirectory(folder.resolve("module-path")));
        module.compileModule(MODULES);
        shaded = folder.resolve("shaded.jar");
        ShadedJar.write(shaded, MAIN, classPath(ConsumerProgram.dependencies()));
    }

    private static List<Path> classPath(List<Path> dependencies) {
        return Stream.concat(Stream.of(program.classes(), LIBRARY), dependencies.stream())
                .toList();
    }

    static List<Jdk> jdks() throws IOException {
        return Jdk.all();
    }

    private static String runOnClassPath(Jdk jdk, List<Path> dependencies) throws Exception {
        return program.run(jdk, "--enable-native-access=ALL-UNNAMED", "-cp", path(classPath(dependencies)), MAIN);
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void classPath_application_runs(Jdk jdk) throws Exception {
        assertThat(runOnClassPath(jdk, ConsumerProgram.dependencies())).isEqualTo(SERVED);
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void modulePath_application_runs(Jdk jdk) throws Exception {
        assertThat(module.run(
                        jdk,
                        "--enable-native-access=org.xerial.sqlitejdbc",
                        "-p",
                        MODULES + File.pathSeparator + module.classes(),
                        "-m",
                        "app/" + MAIN))
                .isEqualTo(SERVED);
    }

    @Test
    void modulePath_withoutJackson_applicationRuns() throws Exception {
        String modules = path(Stream.concat(Stream.of(LIBRARY), ConsumerProgram.dependencies().stream())
                .filter(jar -> !jar.toString().contains("jackson"))
                .toList());
        ConsumerProgram text = new ConsumerProgram(Files.createDirectory(folder.resolve("without-jackson")))
                .compileModuleOfText(modules);
        assertThat(text.run(Jdk.RUNNING, "-p", modules + File.pathSeparator + text.classes(), "-m", "app/" + MAIN))
                .isEqualTo(SERVED);
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void shadedJar_application_runs(Jdk jdk) throws Exception {
        assertThat(program.run(jdk, "-jar", shaded.toString())).isEqualTo(SERVED);
    }

    /** The reason why the other tests allow native access. */
    @Test
    void nativeAccess_notAllowed_isWarnedOfByNewerJava() throws Exception {
        Optional<Jdk> jdk = Jdk.withWarnings();
        assumeTrue(jdk.isPresent(), "no JDK is installed that warns of restricted methods");
        String classPath = path(classPath(ConsumerProgram.dependencies()));
        assertThat(program.run(jdk.orElseThrow(), "-cp", classPath, MAIN))
                .contains("--enable-native-access=ALL-UNNAMED", "org.sqlite")
                .endsWith(SERVED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"3.5", "4.1"})
    void versionsOfSpringBoot_run(String springBoot) throws Exception {
        Path managed = SPRING_BOOT.resolve(springBoot);
        assumeTrue(Files.exists(managed), "Maven copies these versions in its phase process-test-resources");
        List<Path> jars = ConsumerProgram.jars(managed);
        Set<String> names = jars.stream().map(ConsumersTest::artifact).collect(Collectors.toSet());
        assertThat(names).contains("sqlite-jdbc", "caffeine", "slf4j-api", "jackson-databind");
        List<Path> all = Stream.concat(
                        jars.stream(),
                        ConsumerProgram.dependencies().stream().filter(jar -> !names.contains(artifact(jar))))
                .toList();
        assertThat(runOnClassPath(Jdk.RUNNING, all)).isEqualTo(SERVED);
    }

    private static String artifact(Path jar) {
        return jar.getFileName().toString().replaceFirst("-[0-9].*", "");
    }
}
