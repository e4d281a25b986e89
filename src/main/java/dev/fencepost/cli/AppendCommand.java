package dev.fencepost.cli;

import dev.fencepost.Appended;
import dev.fencepost.Store;
import dev.fencepost.Writer;
import dev.fencepost.event.Event;
import dev.fencepost.event.EventStream;
import dev.fencepost.event.NewEvent;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "append",
        header = "Append an event to a stream.",
        description =
                "An event with the ID and text of one in the stream is not stored again, so a retry is safe. The same"
                        + " ID with another text is a conflict. Write -- before a text that begins with '-'.")
final class AppendCommand implements Callable<Integer> {
    private final RootCommand root;

    @Parameters(index = "0", paramLabel = "STREAM", description = "The stream.")
    private String stream = "";

    @Parameters(
            index = "1",
            paramLabel = "TEXT|-",
            description = "The text of the event; - reads it from standard" + " input.")
    private String text = "";

    @Option(names = "--id", paramLabel = "ID", description = "The ID of the event. Default: a new one.")
    private @Nullable String id;

    @Option(
            names = "--after",
            paramLabel = "N",
            description = "Only if the stream ends with event N; 0 means that it has none.")
    private @Nullable Long after;

    @Mixin
    private ClaimOption claiming = new ClaimOption();

    AppendCommand(RootCommand root) {
        this.root = root;
    }

    @Override
    public Integer call() throws IOException {
        EventStream<String> wanted = EventStream.text(stream);
        String body = text.equals("-") ? root.standardInput() : text;
        List<NewEvent<String>> events = List.of(id == null ? NewEvent.of(body) : new NewEvent<>(id, body));
        try (Store store = root.open()) {
            Writer writer = claiming.writer(root, store);
            Appended<String> appended =
                    after == null ? writer.append(wanted, events) : writer.appendAfter(wanted, after, events);
            Event<String> event = appended.events().get(0);
            boolean duplicate = appended.duplicates() > 0;
            root.output()
                    .print(
                            TimeJson.event(event).put("duplicate", duplicate),
                            "'" + event.id() + "' " + (duplicate ? "is a duplicate: it is" : "is") + " event "
                                    + event.number() + " of '" + stream + "'");
            return Exit.DONE;
        }
    }
}
