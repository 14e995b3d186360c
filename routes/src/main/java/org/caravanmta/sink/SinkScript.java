package org.caravanmta.sink;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import io.netty.handler.ssl.SslContext;

/**
 * What a sink answers. Build it, then hand it to {@link Sink}; afterwards only the counts of {@code once} rules change.
 */
public final class SinkScript {

    private final Map<SinkVerb, String> replies = new EnumMap<>(SinkVerb.class);
    private final Map<SinkVerb, Long> delaysMs = new EnumMap<>(SinkVerb.class);
    private final Set<SinkVerb> drops = EnumSet.noneOf(SinkVerb.class);
    private final List<RcptRule> rcptRules = new ArrayList<>();
    int closeAfter;
    int maxConnections;
    /** Null: STARTTLS is not offered. */
    SslContext tls;
    long size = 100 << 20;
    boolean pipelining = true;
    boolean eightBitMime = true;
    boolean smtpUtf8 = true;

    /** Recipients that match {@code glob} hear {@code reply}, each of them the first {@code times} times (0: always). */
    private record RcptRule(Glob glob, String reply, int times, Map<String, Integer> seen) {
        String reply(String recipient) {
            if (!glob.matches(recipient))
                return null;
            return times == 0 || seen.merge(recipient, 1, Integer::sum) <= times ? reply : null;
        }
    }

    public SinkScript reply(SinkVerb verb, String reply) {
        replies.put(verb, checked(reply));
        return this;
    }

    public SinkScript rcpt(String glob, String reply, int times) {
        rcptRules.add(new RcptRule(new Glob(glob), checked(reply), times, new ConcurrentHashMap<>()));
        return this;
    }

    /** @param verb null means before every reply */
    public SinkScript delay(SinkVerb verb, long ms) {
        if (verb != null)
            delaysMs.put(verb, ms);
        else
            for (SinkVerb v : SinkVerb.values())
                delaysMs.putIfAbsent(v, ms);
        return this;
    }

    /** Closes the connection instead of answering. */
    public SinkScript drop(SinkVerb verb) {
        drops.add(verb);
        return this;
    }

    /** After so many messages of a connection: 421. */
    public SinkScript closeAfter(int messages) {
        closeAfter = messages;
        return this;
    }

    /** Connections above this number hear 421. */
    public SinkScript maxConnections(int connections) {
        maxConnections = connections;
        return this;
    }

    /** STARTTLS is offered, with such certificates. */
    public SinkScript tls(SslContext context) {
        tls = context;
        return this;
    }

    private static String checked(String reply) {
        if (!reply.matches("[2-5][0-9][0-9] [ -~]*"))
            throw new IllegalArgumentException("found reply \"" + reply + "\", expected CODE TEXT");
        return reply;
    }

    String answer(SinkVerb verb, String otherwise) {
        return replies.getOrDefault(verb, otherwise);
    }

    String answerRcpt(String recipient) {
        for (RcptRule rule : rcptRules) {
            String reply = rule.reply(recipient);
            if (reply != null)
                return reply;
        }
        return answer(SinkVerb.RCPT, "250 2.1.5 ok");
    }

    long delayMs(SinkVerb verb) {
        return delaysMs.isEmpty() ? 0 : delaysMs.getOrDefault(verb, 0L);
    }

    boolean drops(SinkVerb verb) {
        return !drops.isEmpty() && drops.contains(verb);
    }

    /** @param clear the connection is not encrypted yet */
    String ehlo(boolean clear) {
        StringBuilder b = new StringBuilder("250-sink.test\r\n");
        if (pipelining)
            b.append("250-PIPELINING\r\n");
        if (clear && tls != null)
            b.append("250-STARTTLS\r\n");
        if (eightBitMime)
            b.append("250-8BITMIME\r\n");
        if (smtpUtf8)
            b.append("250-SMTPUTF8\r\n");
        return b.append("250-ENHANCEDSTATUSCODES\r\n250 SIZE ").append(size).toString();
    }
}
