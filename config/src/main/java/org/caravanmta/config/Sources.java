package org.caravanmta.config;

import java.net.InetAddress;
import java.util.List;

/** Who may hand mail in and what is obeyed for them, chosen by client address: the most specific network wins. */
public record Sources(List<Source> list) {

    /**
     * The effective rights of a client: the most specific network that holds it, with what is unsaid inherited from
     * wider ones. A client in no network gets {@link Source#NOBODY}.
     */
    public Source of(InetAddress client) {
        for (Source s : list)
            if (s.network().contains(client))
                return s;
        return Source.NOBODY;
    }
}
