import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;

import org.caravanmta.config.tls.ClientTls;
import org.caravanmta.tls.TlsClient;
import org.caravanmta.tls.TlsProvider;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.util.ReferenceCountUtil;

/**
 * What TLS costs the client: microseconds of one thread, by provider, for a handshake (new or resumed) and for the
 * encryption of a message. Only the client's own work is counted. Arguments: PEM files of certificate and key.
 */
public final class TlsBench {

    private static final int ROUNDS = 400;
    private static final int WARM_UP = 200;
    private static final int[] SIZES = { 2_048, 10_240, 102_400 };

    private final SSLEngine client;
    private final SSLEngine server;
    private final ByteBuffer toServer = ByteBuffer.allocate(1 << 18);
    private final ByteBuffer toClient = ByteBuffer.allocate(1 << 18);
    private final ByteBuffer scratch = ByteBuffer.allocate(1 << 18);
    private final ByteBuffer nothing = ByteBuffer.allocate(0);
    private long clientNanos;

    private TlsBench(SSLEngine client, SSLEngine server) {
        this.client = client;
        this.server = server;
    }

    public static void main(String[] args) throws Exception {
        System.out.printf("%-10s %-8s %14s %14s   message of%n", "provider", "version", "new session", "resumed");
        for (TlsProvider provider : TlsProvider.values())
            for (boolean tls13 : new boolean[] { true, false })
                row(provider, tls13, Path.of(args[0]), Path.of(args[1]));
    }

    private static void row(TlsProvider provider, boolean tls13, Path certificate, Path key) throws Exception {
        SslContext server = SslContextBuilder.forServer(certificate.toFile(), key.toFile())
                .sslProvider(TlsProvider.fastest().netty()).build();
        double fresh = handshake(provider, server, tls13, false);
        double resumed = handshake(provider, server, tls13, true);
        StringBuilder sizes = new StringBuilder();
        for (int size : SIZES)
            sizes.append(String.format("  %d KB %.1f us", size / 1024, encrypt(provider, server, tls13, size)));
        System.out.printf("%-10s %-8s %11.0f us %11.0f us %s%n", provider, tls13 ? "1.3" : "1.2", fresh, resumed, sizes);
    }

    private static ClientTls settings(boolean tls13, boolean reuse) {
        return new ClientTls(true, true, false, !tls13, tls13, List.of(), reuse, null, false, false);
    }

    /** Median of the client's microseconds. */
    private static double handshake(TlsProvider provider, SslContext server, boolean tls13, boolean reuse)
            throws Exception {
        TlsClient tls = new TlsClient(provider);
        long[] took = new long[ROUNDS];
        for (int i = -WARM_UP; i < ROUNDS; i++) {
            TlsBench b = of(tls, server, settings(tls13, reuse));
            b.handshake();
            b.say(64); // tickets of TLS 1.3 come behind the handshake
            if (i >= 0)
                took[i] = b.clientNanos;
            b.close();
        }
        java.util.Arrays.sort(took);
        return took[ROUNDS / 2] / 1000.0;
    }

    private static double encrypt(TlsProvider provider, SslContext server, boolean tls13, int size) throws Exception {
        TlsBench b = of(new TlsClient(provider), server, settings(tls13, true));
        b.handshake();
        for (int i = 0; i < 10 * WARM_UP; i++)
            b.say(size);
        b.clientNanos = 0;
        for (int i = 0; i < 10 * ROUNDS; i++)
            b.say(size);
        double each = b.clientNanos / (10.0 * ROUNDS) / 1000;
        b.close();
        return each;
    }

    private static TlsBench of(TlsClient tls, SslContext server, ClientTls settings) throws Exception {
        return new TlsBench(tls.handler(ByteBufAllocator.DEFAULT, settings, "mx.bench.test", 25).engine(),
                server.newEngine(ByteBufAllocator.DEFAULT));
    }

    private void handshake() throws Exception {
        client.beginHandshake();
        server.beginHandshake();
        for (int step = 0; step < 200 && !(quiet(client) && quiet(server)); step++) {
            long begin = System.nanoTime();
            turn(client, toServer, toClient);
            clientNanos += System.nanoTime() - begin;
            turn(server, toClient, toServer);
        }
    }

    private static boolean quiet(SSLEngine e) {
        return e.getHandshakeStatus() == HandshakeStatus.NOT_HANDSHAKING;
    }

    private void turn(SSLEngine engine, ByteBuffer out, ByteBuffer in) throws Exception {
        for (;;)
            switch (engine.getHandshakeStatus()) {
                case NEED_TASK -> {
                    for (Runnable task; (task = engine.getDelegatedTask()) != null;)
                        task.run();
                }
                case NEED_WRAP -> engine.wrap(nothing, out);
                case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> {
                    in.flip();
                    scratch.clear();
                    SSLEngineResult r = engine.unwrap(in, scratch);
                    in.compact();
                    if (r.bytesConsumed() == 0 && r.getStatus() != SSLEngineResult.Status.OK)
                        return;
                    if (r.bytesConsumed() == 0 && engine.getHandshakeStatus() == HandshakeStatus.NEED_UNWRAP)
                        return;
                }
                default -> {
                    return;
                }
            }
    }

    /** The client says so many bytes, the server reads them and says one line back. */
    private void say(int size) throws Exception {
        ByteBuffer plain = ByteBuffer.allocate(size);
        long begin = System.nanoTime();
        while (plain.hasRemaining())
            client.wrap(plain, toServer);
        clientNanos += System.nanoTime() - begin;
        read(server, toServer);
        ByteBuffer reply = ByteBuffer.allocate(14);
        server.wrap(reply, toClient);
        begin = System.nanoTime();
        read(client, toClient);
        clientNanos += System.nanoTime() - begin;
    }

    private void read(SSLEngine engine, ByteBuffer in) throws Exception {
        in.flip();
        while (in.hasRemaining()) {
            scratch.clear();
            if (engine.unwrap(in, scratch).bytesConsumed() == 0)
                break;
        }
        in.compact();
    }

    private void close() {
        ReferenceCountUtil.release(client);
        ReferenceCountUtil.release(server);
    }
}
