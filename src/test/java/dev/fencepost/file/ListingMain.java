package dev.fencepost.file;

import dev.fencepost.FencepostException;
import dev.fencepost.Page;
import dev.fencepost.Prefix;
import dev.fencepost.Reader;
import dev.fencepost.Snapshot;
import dev.fencepost.Store;
import dev.fencepost.Versioned;
import java.nio.file.Path;
import java.util.List;

/** Lists the contents of a file, in a process with a small heap. Prints what it found, or the code of the error. */
final class ListingMain {
    private ListingMain() {}

    public static void main(String[] args) {
        try (Store store = Store.open(Path.of(args[0]))) {
            for (String what : List.of(args).subList(1, args.length)) {
                System.out.println(what + " " + answer(store, what));
            }
        }
    }

    private static String answer(Store store, String what) {
        try {
            return switch (what) {
                case "whole" -> store.list(Prefix.text("big/")).size() + " keys";
                case "pages" -> pages(store);
                case "past" -> {
                    try (Snapshot snapshot = store.snapshot()) {
                        yield pages(snapshot);
                    }
                }
                case "transaction" -> store.agent("lister").<String>transact(ListingMain::pages);
                case "sagas" -> store.agent("lister").sagas().list(false).size() + " sagas";
                case "recover" ->
                    store.agent("lister").sagas().recover(List.of()).size() + " recovered";
                default -> {
                    try (Snapshot snapshot = store.snapshot()) {
                        yield snapshot.sagas().size() + " sagas";
                    }
                }
            };
        } catch (FencepostException e) {
            return e.code();
        }
    }

    private static String pages(Reader reader) {
        long keys = 0;
        long characters = 0;
        String after = "";
        Page<Versioned<String>> page;
        do {
            page = reader.list(Prefix.text("big/"), after, Page.MAX_ENTRIES);
            for (Versioned<String> found : page) {
                keys++;
                characters += found.value().length();
                after = found.key().name();
            }
        } while (page.more());
        return keys + " keys, " + characters + " characters";
    }
}
