package dev.fencepost.cli;

import dev.fencepost.Page;
import dev.fencepost.Store;
import dev.fencepost.event.Event;
import dev.fencepost.event.EventCodec;
import dev.fencepost.event.EventStream;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "events", header = "List the events of a stream, in order.")
final class EventsCommand implements Callable<Integer> {
    private final RootCommand root;

    @Parameters(paramLabel = "STREAM", description = "The stream.")
    private String stream = "";

    @Option(
            names = "--after",
            paramLabel = "N",
            description = "The event after which to begin. Default: begin with" + " the first.")
    private long after;

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "1000",
            description =
                    "The maximum number of events, up to 10000; fewer if bodies are long. Default: ${DEFAULT-VALUE}.")
    private int limit;

    @Mixin
    private AsOfOption at = new AsOfOption();

    EventsCommand(RootCommand root) {
        this.root = root;
    }

    @Override
    public Integer call() throws NotFoundException {
        EventStream<String> wanted = new EventStream<>(stream, EventCodec.raw());
        try (Store store = root.openExisting()) {
            AsOfOption.Cut<Page<Event<String>>> cut = at.read(
                    root,
                    store,
                    Json.object().put("stream", stream),
                    then -> then.events(wanted, after, limit),
                    () -> store.events(wanted, after, limit));
            Page<Event<String>> events = cut.found();
            root.output()
                    .print(
                            events.stream()
                                    .map(event -> cut.in(TimeJson.event(event)))
                                    .toList(),
                            List.of("NUMBER", "SEQUENCE", "WRITER", "COMMITTED", "EVENT", "BODY"),
                            events.stream().map(EventsCommand::row).toList());
            if (events.isEmpty()) {
                root.output().note("No events.");
            }
            cut.note(root.output());
            Paging.note(root.output(), events, last -> Long.toString(last.number()));
            return Exit.DONE;
        }
    }

    private static List<String> row(Event<String> event) {
        return List.of(
                Long.toString(event.number()),
                Long.toString(event.sequence()),
                event.writer(),
                Json.time(event.committedAt()),
                event.id(),
                Preview.of(event.body()));
    }
}
