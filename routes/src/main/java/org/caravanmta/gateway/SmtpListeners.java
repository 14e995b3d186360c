package org.caravanmta.gateway;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

import org.apache.camel.CamelContext;
import org.caravanmta.config.CaravanConfig;
import org.caravanmta.config.SmtpListener;
import org.caravanmta.routes.SmtpListenerRoute;
import org.caravanmta.smtp.server.SmtpServerContext;

import io.netty.channel.Channel;
import io.netty.channel.ServerChannel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.GlobalEventExecutor;

/**
 * The addresses that take SMTP. One can be opened and closed while the others go on; who is connected to one that is
 * closed is served to the end.
 */
final class SmtpListeners {

    private final CamelContext camel;
    private final SmtpServerContext smtp;
    private final Supplier<CaravanConfig> config;
    private final Map<InetSocketAddress, ChannelGroup> open = new LinkedHashMap<>();
    private int opened;

    SmtpListeners(CamelContext camel, SmtpServerContext smtp, Supplier<CaravanConfig> config) {
        this.camel = camel;
        this.smtp = smtp;
        this.config = config;
    }

    /** Takes SMTP there from now on. */
    synchronized void open(SmtpListener listener) throws Exception {
        String name = Integer.toString(opened++);
        ChannelGroup channels = new ListeningChannels();
        camel.getRegistry().bind("smtpPipeline-" + name,
                new SmtpPipeline(smtp, () -> source(listener.address())));
        camel.getRegistry().bind("smtpChannels-" + name, channels);
        forget(listener);
        try {
            camel.addRoutes(new SmtpListenerRoute(listener, "smtpPipeline-" + name, "smtpChannels-" + name));
        } catch (Exception e) {
            forget(listener);
            throw innermost(e) instanceof IOException io ? new ListenException(listener.address(), io) : e;
        }
        open.put(listener.address(), channels);
    }

    /** The route of an address that was closed is there until it is opened again. */
    private void forget(SmtpListener listener) throws Exception {
        String id = SmtpListenerRoute.routeId(listener);
        if (camel.getRoute(id) == null)
            return;
        camel.getRouteController().stopRoute(id);
        camel.removeRoute(id);
    }

    /** The current configuration may name another source for the address than at the start. */
    private String source(InetSocketAddress address) {
        return config.get().smtpListeners().stream().filter(l -> l.address().equals(address)).findFirst()
                .map(SmtpListener::source).orElse(null);
    }

    synchronized void close(InetSocketAddress address) {
        ChannelGroup channels = open.remove(address);
        if (channels != null)
            channels.close().awaitUninterruptibly(1000);
    }

    synchronized void closeAll() {
        List.copyOf(open.keySet()).forEach(this::close);
    }

    /** Real ports. */
    synchronized List<InetSocketAddress> addresses() {
        List<InetSocketAddress> addresses = new ArrayList<>();
        open.values().forEach(g -> g.forEach(c -> addresses.add((InetSocketAddress) c.localAddress())));
        return addresses;
    }

    private static Throwable innermost(Throwable e) {
        while (e.getCause() != null)
            e = e.getCause();
        return e;
    }

    /** Holds the channels that listen, not those that were accepted: those live on. */
    private static final class ListeningChannels extends DefaultChannelGroup {

        ListeningChannels() {
            super(GlobalEventExecutor.INSTANCE);
        }

        @Override
        public boolean add(Channel channel) {
            return channel instanceof ServerChannel && super.add(channel);
        }
    }
}
