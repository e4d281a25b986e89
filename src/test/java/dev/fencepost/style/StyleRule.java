package dev.fencepost.style;

import java.util.List;
import java.util.regex.Pattern;

/** A rule of the style guide that a program can check. */
enum StyleRule {
    /** Words that hide the actor, and metaphors. */
    BANNED_WORD(
            "\\b(whoever|whatever|somebody|nobody|those who|(let|lets|letting) go|comes? to|stands?|rests? on"
                    + "|(is|are|be) told|at hand|for ever|at last)\\b",
            Pattern.CASE_INSENSITIVE) {
        @Override
        List<String> texts(SourceText source) {
            return source.prose();
        }
    },

    /** A Javadoc comment that asks a question or points elsewhere, instead of a definition or a verb. */
    JAVADOC_BEGINNING("^(What|Whether|How|Who|Whose|Where|When|Why|Which|As \\{@link)\\b", 0) {
        @Override
        List<String> texts(SourceText source) {
            return source.javadoc();
        }
    },

    /** A test name that is too long, or a clause instead of subject, condition and outcome. */
    TEST_NAME(
            "^(\\w{61,}|(who|what|where|whoever|whatever)\\w*|\\w*_(who|what|whoever|whatever|somebody|nobody)\\w*)$",
            Pattern.CASE_INSENSITIVE) {
        @Override
        List<String> texts(SourceText source) {
            return source.testNames();
        }
    };

    private final Pattern pattern;

    StyleRule(String pattern, int flags) {
        this.pattern = Pattern.compile(pattern, flags);
    }

    /** Returns the texts of a source to which this rule applies. */
    abstract List<String> texts(SourceText source);

    /** Returns the violations of this rule in a source, each with the text around it. */
    final List<String> offences(SourceText source) {
        return texts(source).stream()
                .flatMap(text -> pattern.matcher(text).results().map(found -> excerpt(text, found.start())))
                .toList();
    }

    private static String excerpt(String text, int at) {
        return text.substring(Math.max(0, at - 30), Math.min(text.length(), at + 40))
                .replaceAll("\\s+", " ");
    }
}
