package org.caravanmta.config;

import java.net.InetAddress;
import java.util.List;
import java.util.Map;

/**
 * Who may hand mail in and what is obeyed for them. By client address the most specific network wins; a named source
 * lies over that, and what it leaves unsaid comes from the network.
 *
 * @param list   most specific network first
 * @param others a client in no network
 * @param named  the same with a named source laid over it, by name
 */
public record Sources(List<Source> list, Source others, Map<String, Sources> named) {

    public Sources(List<Source> list) {
        this(list, Source.NOBODY, Map.of());
    }

    /**
     * The effective rights of a client: the most specific network that holds it, with what is unsaid inherited from
     * wider ones. A client in no network gets {@link Source#NOBODY}.
     */
    public Source of(InetAddress client) {
        for (Source s : list)
            if (s.network().contains(client))
                return s;
        return others;
    }

    /**
     * The rights of whoever hands in without a connection, as a named source: those of its block and no others. Only
     * {@link PickupDirectory#SOURCE} has some without a block.
     */
    public Source unconnected(String source) {
        Sources over = named.get(source);
        if (over != null)
            return over.others();
        return source.equals(PickupDirectory.SOURCE) ? Source.LOCAL : Source.NOBODY;
    }

    /** The same at a listener. {@code source} is the listener's own, null when it has none. */
    public Source of(InetAddress client, String source) {
        Sources over = source == null ? null : named.get(source);
        return (over == null ? this : over).of(client);
    }
}
