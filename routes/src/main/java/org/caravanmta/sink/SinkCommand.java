package org.caravanmta.sink;

import static java.util.stream.Collectors.joining;

import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import javax.net.ssl.SSLException;

import org.caravanmta.tls.TlsProvider;

import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.util.NetUtil;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code caravan sink}: the built-in test MX in the foreground until SIGTERM; its counts at the end. */
@Command(name = "sink", mixinStandardHelpOptions = true, description = "Runs a scriptable test MX.")
public final class SinkCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Option(names = "--listen", required = true, paramLabel = "ADDR[-LAST]:PORT",
            description = "address to listen on, repeatable; 127.3.0.1-64:25 is a range of its last number")
    private List<String> listen;

    @Option(names = "--reply", paramLabel = "VERB=REPLY",
            description = "answer of a verb (greeting ehlo mail rcpt data end rset quit starttls other): --reply 'mail=451 4.3.0 later'")
    private List<String> replies = List.of();

    @Option(names = "--rcpt", paramLabel = "GLOB=REPLY[;times=N]",
            description = "answer to matching recipients, each the first N times: --rcpt '*@later.example=451 4.7.1 later;times=1'")
    private List<String> rcpts = List.of();

    @Option(names = "--delay", paramLabel = "[VERB=]MS",
            description = "wait before each reply, or before those to VERB")
    private List<String> delays = List.of();

    @Option(names = "--drop", paramLabel = "VERB", description = "close the connection instead of answering VERB")
    private List<String> drops = List.of();

    @Option(names = "--close-after", paramLabel = "N", description = "421 and close after N messages of a connection")
    private int closeAfter;

    @Option(names = "--max-connections", paramLabel = "N", description = "421 to connections above N")
    private int maxConnections;

    @Option(names = "--size", paramLabel = "BYTES", description = "announced SIZE (default: 104857600)")
    private long size = 100 << 20;

    @Option(names = "--no-pipelining", description = "do not announce PIPELINING")
    private boolean noPipelining;

    @Option(names = "--no-8bitmime", description = "do not announce 8BITMIME")
    private boolean no8bitmime;

    @Option(names = "--no-smtputf8", description = "do not announce SMTPUTF8")
    private boolean noSmtpUtf8;

    @Option(names = "--tls", arity = "2", paramLabel = "FILE", hideParamSyntax = true,
            description = "offer STARTTLS: PEM files of certificate and key (PKCS #8): --tls cert.pem key.pem")
    private List<Path> tls = List.of();

    @Option(names = "--log", paramLabel = "FILE", description = "one line per received message; - is standard output")
    private String log;

    @Option(names = "--stats-every", paramLabel = "S", description = "print the counts every S seconds")
    private int statsEvery;

    @Override
    public Integer call() throws Exception {
        Consumer<ReceivedMail> listener = log == null ? null : logger();
        try (Sink sink = new Sink(understood(this::addresses), understood(this::script), listener)) {
            System.out.println("ready "
                    + sink.addresses().stream().map(NetUtil::toSocketAddressString).collect(joining(" ")));
            CountDownLatch forever = new CountDownLatch(1);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                System.out.println(sink.counters());
                System.out.flush();
                Runtime.getRuntime().halt(0);
            }, "sink-stop"));
            while (!forever.await(statsEvery > 0 ? statsEvery : 3600, TimeUnit.SECONDS))
                if (statsEvery > 0)
                    System.out.println(sink.counters());
        }
        return 0;
    }

    /** What cannot be read is wrong usage. */
    private <T> T understood(Callable<T> options) throws Exception {
        try {
            return options.call();
        } catch (NumberFormatException e) {
            throw new ParameterException(spec.commandLine(), "expected a number, " + e.getMessage());
        } catch (IllegalArgumentException | UnknownHostException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage());
        }
    }

    private Consumer<ReceivedMail> logger() throws IOException {
        PrintStream to = "-".equals(log) ? System.out : new PrintStream(Path.of(log).toFile(), "UTF-8");
        return mail -> {
            String line = mail.logLine();
            synchronized (to) {
                to.println(line);
                to.flush();
            }
        };
    }

    private SinkScript script() {
        SinkScript s = new SinkScript().closeAfter(closeAfter).maxConnections(maxConnections);
        s.size = size;
        if (!tls.isEmpty())
            s.tls(tls(tls.getFirst(), tls.getLast()));
        s.pipelining = !noPipelining;
        s.eightBitMime = !no8bitmime;
        s.smtpUtf8 = !noSmtpUtf8;
        for (String r : replies)
            s.reply(verb(left(r)), right(r));
        for (String r : rcpts) {
            int times = r.lastIndexOf(";times=");
            String rule = times < 0 ? r : r.substring(0, times);
            s.rcpt(left(rule), right(rule), times < 0 ? 0 : Integer.parseInt(r.substring(times + 7)));
        }
        for (String d : delays)
            if (d.indexOf('=') > 0)
                s.delay(verb(left(d)), Long.parseLong(right(d)));
        for (String d : delays)
            if (d.indexOf('=') < 0)
                s.delay(null, Long.parseLong(d));
        for (String d : drops)
            s.drop(verb(d));
        return s;
    }

    private SslContext tls(Path certificate, Path key) {
        try {
            return SslContextBuilder.forServer(certificate.toFile(), key.toFile())
                    .sslProvider(TlsProvider.fastest().netty()).build();
        } catch (SSLException | IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(),
                    "--tls " + certificate + " " + key + ": " + e.getMessage());
        }
    }

    private SinkVerb verb(String name) {
        try {
            return SinkVerb.valueOf(name.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "found verb " + name
                    + ", expected greeting, ehlo, mail, rcpt, data, end, rset, quit, starttls or other");
        }
    }

    private String left(String rule) {
        int equals = rule.indexOf('=');
        if (equals < 1)
            throw new ParameterException(spec.commandLine(), "found \"" + rule + "\", expected NAME=VALUE");
        return rule.substring(0, equals);
    }

    private static String right(String rule) {
        return rule.substring(rule.indexOf('=') + 1);
    }

    private List<InetSocketAddress> addresses() throws UnknownHostException {
        List<InetSocketAddress> addresses = new ArrayList<>();
        for (String l : listen) {
            int colon = l.lastIndexOf(':');
            if (colon < 0)
                throw new ParameterException(spec.commandLine(), "found --listen " + l + ", expected ADDR:PORT");
            String host = l.substring(0, colon);
            int port = Integer.parseInt(l.substring(colon + 1));
            int dash = host.indexOf('-');
            if (dash < 0) {
                addresses.add(new InetSocketAddress(InetAddress.getByName(host), port));
                continue;
            }
            int dot = host.lastIndexOf('.', dash);
            int last = Integer.parseInt(host.substring(dash + 1));
            for (int n = Integer.parseInt(host.substring(dot + 1, dash)); n <= last; n++)
                addresses.add(new InetSocketAddress(InetAddress.getByName(host.substring(0, dot + 1) + n), port));
        }
        return addresses;
    }
}
