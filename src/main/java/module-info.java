/** Fencepost: shared state for agents that run as several processes on one host. */
module dev.fencepost {
    requires com.github.benmanes.caffeine;
    // Jdbi needs it, and being an automatic module cannot say so.
    requires io.leangen.geantyref;
    requires java.sql;
    requires org.jdbi.v3.core;
    requires org.slf4j;
    requires static com.fasterxml.jackson.databind;
    requires static info.picocli;
    requires static io.github.javadiffutils;
    requires static transitive com.google.errorprone.annotations;
    requires static transitive org.jspecify;
    requires org.xerial.sqlitejdbc;

    exports dev.fencepost;
    exports dev.fencepost.event;
    exports dev.fencepost.history;
    exports dev.fencepost.json;
    exports dev.fencepost.saga;

    opens dev.fencepost.cli to
            info.picocli;
}
