package dev.fencepost.cli;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;

/** Parses whole numbers in options and parameters. An invalid number is refused with its bounds. */
final class WholeNumbers {
    private static final List<Class<?>> TYPES = List.of(int.class, Integer.class, long.class, Long.class);

    private WholeNumbers() {}

    /** Registers the parser for a command and its subcommands. */
    static void register(CommandLine command) {
        ITypeConverter<Integer> integer = text -> convert(text, Integer::valueOf);
        ITypeConverter<Long> number = text -> convert(text, Long::valueOf);
        command.registerConverter(int.class, integer);
        command.registerConverter(Integer.class, integer);
        command.registerConverter(long.class, number);
        command.registerConverter(Long.class, number);
    }

    /** Returns the bounds, as the end of a sentence, if a whole number was expected; otherwise empty. */
    static Optional<String> bounds(ParameterException e) {
        return Optional.ofNullable(e.getArgSpec())
                .filter(argument -> TYPES.contains(argument.type()) && argument.converters().length == 0)
                .filter(argument -> e.getValue() != null)
                .map(argument -> "; it must be " + bounds(argument));
    }

    private static <T> T convert(String text, Function<String, T> parse) {
        try {
            return parse.apply(text);
        } catch (NumberFormatException e) {
            throw new TypeConversionException("'" + text + "' is not a whole number");
        }
    }

    private static String bounds(ArgSpec argument) {
        boolean integer = argument.type() == int.class || argument.type() == Integer.class;
        String name = argument instanceof OptionSpec option ? option.longestName() : "";
        return switch (name) {
            case "--conflict-exit-code" -> "from 0 to 255";
            case "--limit" -> integer ? "from 1 to 10000" : "from 1 to " + Long.MAX_VALUE;
            case "--versions" -> "from 1 to " + Integer.MAX_VALUE;
            default -> "from 0 to " + Long.MAX_VALUE;
        };
    }
}
