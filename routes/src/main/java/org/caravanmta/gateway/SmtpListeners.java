package org.caravanmta.gateway;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

import org.apache.camel.CamelContext;
import org.caravanmta.config.CaravanConfig;
import org.caravanmta.config.SmtpListener;
import org.caravanmta.routes.SmtpListenerRoute;
import org.caravanmta.smtp.server.SmtpServerContext;

import io.netty.channel.Channel;
import io.netty.channel.ServerChannel;
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
    private final Map<InetSocketAddress, Listening> open = new LinkedHashMap<>();
    /** Closed, and perhaps somebody is still connected. */
    private final List<Listening> closed = new ArrayList<>();
    private int opened;

    /** @param routeId of the route that its clients' messages take */
    private record Listening(String routeId, ListeningChannels channels) {
    }

    SmtpListeners(CamelContext camel, SmtpServerContext smtp, Supplier<CaravanConfig> config) {
        this.camel = camel;
        this.smtp = smtp;
        this.config = config;
    }

    /** Takes SMTP there from now on. */
    synchronized void open(SmtpListener listener) throws Exception {
        String name = Integer.toString(opened++);
        forgetClosed();
        ListeningChannels channels = new ListeningChannels();
        camel.getRegistry().bind("smtpPipeline-" + name,
                new SmtpPipeline(smtp, () -> now(listener)));
        camel.getRegistry().bind("smtpChannels-" + name, channels);
        String id = SmtpListenerRoute.routeId(listener);
        if (camel.getRoute(id) != null)
            id += "-" + name; // who is connected to the one before is served by that
        try {
            camel.addRoutes(new SmtpListenerRoute(listener, id, "smtpPipeline-" + name, "smtpChannels-" + name));
        } catch (Exception e) {
            forget(id);
            throw innermost(e) instanceof IOException io ? new ListenException(listener.address(), io) : e;
        }
        open.put(listener.address(), new Listening(id, channels));
    }

    /** The route of an address that was closed is there as long as somebody is connected to it. */
    private void forgetClosed() throws Exception {
        for (Listening l : List.copyOf(closed))
            if (l.channels().clients.get() == 0) {
                forget(l.routeId());
                closed.remove(l);
            }
    }

    private void forget(String id) throws Exception {
        if (camel.getRoute(id) == null)
            return;
        camel.getRouteController().stopRoute(id);
        camel.removeRoute(id);
    }

    /**
     * The current configuration may say something else of the address than at the start. It does not know the address
     * in the moment before a reload has opened all, and after it is closed.
     */
    private SmtpListener now(SmtpListener opened) {
        return config.get().smtpListeners().stream().filter(l -> l.address().equals(opened.address())).findFirst()
                .orElse(opened);
    }

    synchronized void close(InetSocketAddress address) {
        Listening l = open.remove(address);
        if (l == null)
            return;
        l.channels().close().awaitUninterruptibly(1000);
        closed.add(l);
    }

    synchronized void closeAll() {
        List.copyOf(open.keySet()).forEach(this::close);
    }

    /** Real ports. */
    synchronized List<InetSocketAddress> addresses() {
        List<InetSocketAddress> addresses = new ArrayList<>();
        open.values().forEach(l -> l.channels().forEach(c -> addresses.add((InetSocketAddress) c.localAddress())));
        return addresses;
    }

    private static Throwable innermost(Throwable e) {
        while (e.getCause() != null)
            e = e.getCause();
        return e;
    }

    /** Holds the channels that listen, not those that were accepted: those live on and are only counted. */
    private static final class ListeningChannels extends DefaultChannelGroup {

        final AtomicInteger clients = new AtomicInteger();

        ListeningChannels() {
            super(GlobalEventExecutor.INSTANCE);
        }

        @Override
        public boolean add(Channel channel) {
            if (channel instanceof ServerChannel)
                return super.add(channel);
            clients.incrementAndGet();
            channel.closeFuture().addListener(_ -> clients.decrementAndGet());
            return false;
        }
    }
}
