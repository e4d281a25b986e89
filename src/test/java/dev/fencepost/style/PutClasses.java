package dev.fencepost.style;

import com.sun.jdi.Bootstrap;
import com.sun.jdi.VirtualMachine;
import com.sun.jdi.connect.Connector;
import com.sun.jdi.connect.IllegalConnectorArgumentsException;
import com.sun.jdi.connect.LaunchingConnector;
import com.sun.jdi.connect.VMStartException;
import com.sun.jdi.event.BreakpointEvent;
import com.sun.jdi.event.ClassPrepareEvent;
import com.sun.jdi.event.Event;
import com.sun.jdi.event.EventSet;
import com.sun.jdi.event.MethodEntryEvent;
import com.sun.jdi.event.VMDisconnectEvent;
import com.sun.jdi.request.BreakpointRequest;
import com.sun.jdi.request.ClassPrepareRequest;
import com.sun.jdi.request.EventRequest;
import com.sun.jdi.request.MethodEntryRequest;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Lists the top-level classes whose methods one uncontended put executes on the caller's thread. Runs {@link OnePut} in
 * a JVM of its own and listens to the method entries by the debugger's interface.
 *
 * <p>Argument: the folder of another checkout, compiled with its tests, to measure that one; by default this one.
 */
final class PutClasses {
    private static final String LIBRARY = "dev.fencepost.";

    private final Set<String> classes = new TreeSet<>();
    private @Nullable MethodEntryRequest entries;

    private PutClasses() {}

    public static void main(String[] args)
            throws IOException, InterruptedException, IllegalConnectorArgumentsException, VMStartException {
        Path folder = Files.createTempDirectory("put");
        try {
            Set<String> found = new PutClasses().of(classPath(args), folder.resolve("a.db"));
            found.forEach(System.out::println);
            found.stream()
                    .collect(Collectors.groupingBy(PutClasses::packageOf, TreeMap::new, Collectors.counting()))
                    .forEach((name, count) -> System.out.println(count + " classes of " + name));
        } finally {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    /** Returns this class path, with the library's classes of the other checkout if one is given. */
    private static String classPath(String[] args) {
        String here = System.getProperty("java.class.path");
        if (args.length == 0) {
            return here;
        }
        Path library = Path.of("target", "classes").toAbsolutePath();
        return Arrays.stream(here.split(File.pathSeparator))
                .map(path -> Path.of(path).toAbsolutePath().equals(library) ? args[0] + "/target/classes" : path)
                .collect(Collectors.joining(File.pathSeparator));
    }

    private static String packageOf(String name) {
        int end = name.lastIndexOf('.');
        return end < 0 ? "the interface" : name.substring(0, end);
    }

    private Set<String> of(String classPath, Path store)
            throws IOException, InterruptedException, IllegalConnectorArgumentsException, VMStartException {
        LaunchingConnector connector = Bootstrap.virtualMachineManager().defaultConnector();
        Map<String, Connector.Argument> arguments = connector.defaultArguments();
        arguments.get("options").setValue("-Dslf4j.internal.verbosity=ERROR -cp " + classPath);
        arguments.get("main").setValue(OnePut.class.getName() + " " + store);
        VirtualMachine machine = connector.launch(arguments);
        ClassPrepareRequest prepared = machine.eventRequestManager().createClassPrepareRequest();
        prepared.addClassFilter(OnePut.class.getName());
        prepared.enable();
        while (true) {
            EventSet events = machine.eventQueue().remove();
            for (Event event : events) {
                if (event instanceof VMDisconnectEvent) {
                    return classes;
                }
                take(event, machine);
            }
            events.resume();
        }
    }

    private void take(Event event, VirtualMachine machine) {
        if (event instanceof ClassPrepareEvent ready) {
            for (String marker : List.of("begin", "end")) {
                BreakpointRequest reached = machine.eventRequestManager()
                        .createBreakpointRequest(ready.referenceType()
                                .methodsByName(marker)
                                .get(0)
                                .location());
                reached.setSuspendPolicy(EventRequest.SUSPEND_EVENT_THREAD);
                reached.enable();
            }
        } else if (event instanceof BreakpointEvent && entries != null) {
            entries.disable();
        } else if (event instanceof BreakpointEvent reached) {
            entries = machine.eventRequestManager().createMethodEntryRequest();
            entries.addClassFilter(LIBRARY + "*");
            entries.addClassExclusionFilter(OnePut.class.getName());
            entries.addThreadFilter(reached.thread());
            entries.setSuspendPolicy(EventRequest.SUSPEND_NONE);
            entries.enable();
        } else if (event instanceof MethodEntryEvent entry) {
            String name = entry.method().declaringType().name();
            classes.add(name.substring(LIBRARY.length()).replaceFirst("\\$.*", ""));
        }
    }
}
