package org.caravanmta.config;

import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

import org.caravanmta.config.CaravanConfig.SourceHost;
import org.caravanmta.config.DomainSettings.NextHop;
import org.caravanmta.config.value.Interval;

/** Values as an operator could write them. */
final class ValueText {

    private ValueText() {
    }

    static String of(Object value) {
        return switch (value) {
            case Boolean yes -> yes ? "yes" : "no";
            case Duration d -> Interval.text(d);
            case Rate r -> r.toString().replaceFirst("/1([dhms])$", "/$1");
            case SourceHost h -> h.address().getHostAddress() + " " + h.ehloName();
            case NextHop h -> nextHop(h);
            case List<?> list -> list.stream().map(ValueText::of).collect(
                    Collectors.joining(!list.isEmpty() && list.getFirst() instanceof List ? "; " : ", "));
            default -> value.toString();
        };
    }

    private static String nextHop(NextHop h) {
        String host = h.host().contains(":") ? "[IPv6:" + h.host() + "]" : h.host();
        return (h.lookupMx() ? "lookup-mx:" : "") + host + (h.port() == 0 ? "" : ":" + h.port());
    }
}
