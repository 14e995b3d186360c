package org.caravanmta.cli;

import java.time.Duration;

import org.caravanmta.config.value.Interval;
import org.caravanmta.config.value.Misunderstood;

import com.fasterxml.jackson.databind.node.ObjectNode;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

/** Which messages a command is about. What is said narrows it down. */
final class MessageOptions {

    @Parameters(paramLabel = "QUEUE", arity = "0..1",
            description = "DOMAIN/VMTA; both may be *, VMTA may be a pool: \"gmail.com/*\", \"*/mta1\"")
    private String queues;

    @Option(names = "--job", paramLabel = "ID", description = "of this job")
    private String job;

    @Option(names = "--rcpt", paramLabel = "ADDRESS", description = "to this recipient")
    private String rcpt;

    @Option(names = "--orig", paramLabel = "ADDRESS", description = "from this reverse-path; \"\" for <>")
    private String orig;

    @Option(names = "--env-id", paramLabel = "ID", description = "with this envelope id")
    private String envId;

    @Option(names = "--older-than", paramLabel = "TIME", converter = Age.class,
            description = "waiting for at least so long: 30m, 2h, 1d")
    private Duration olderThan;

    ObjectNode into(ObjectNode request) {
        put(request, "queues", queues);
        put(request, "job", job);
        put(request, "rcpt", rcpt);
        put(request, "orig", orig);
        put(request, "env-id", envId);
        if (olderThan != null)
            request.put("older-than-ms", olderThan.toMillis());
        return request;
    }

    /** As intervals are written in the configuration. */
    private static final class Age implements ITypeConverter<Duration> {

        @Override
        public Duration convert(String text) {
            try {
                return new Interval(Duration.ZERO, Duration.ofDays(3650)).parse(text);
            } catch (Misunderstood e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }

    private static void put(ObjectNode request, String name, String value) {
        if (value != null)
            request.put(name, value);
    }
}
