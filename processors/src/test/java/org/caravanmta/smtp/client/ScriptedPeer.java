package org.caravanmta.smtp.client;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;

/** An SMTP server that says what the test says, to one connection. Blocking: the script reads like the conversation. */
final class ScriptedPeer implements AutoCloseable {

    interface Script {
        void talk(Talk t) throws Exception;
    }

    private final ServerSocket server;
    private final AtomicReference<Throwable> trouble = new AtomicReference<>();
    private final CountDownLatch done = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);
    private volatile Talk talk;

    ScriptedPeer(Script script) throws IOException {
        this("127.0.0.1", script);
    }

    ScriptedPeer(String address, Script script) throws IOException {
        server = new ServerSocket(0, 10, InetAddress.getByName(address));
        Thread.ofPlatform().daemon().name("scripted-peer").start(() -> {
            try (Socket socket = server.accept()) {
                socket.setTcpNoDelay(true);
                socket.setSoTimeout(10_000);
                talk = new Talk(socket);
                script.talk(talk);
            } catch (Throwable e) {
                trouble.set(e);
            } finally {
                done.countDown();
            }
        });
    }

    InetSocketAddress address() {
        return (InetSocketAddress) server.getLocalSocketAddress();
    }

    /** Lets {@link Talk#silence} go on. */
    void release() {
        released.countDown();
    }

    /** The script has come to its end without trouble. */
    void finished() {
        try {
            if (!done.await(10, TimeUnit.SECONDS))
                throw new AssertionError("script still runs");
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        if (trouble.get() != null)
            throw new AssertionError("script failed", trouble.get());
    }

    @Override
    public void close() throws IOException {
        release();
        server.close();
        if (talk != null)
            finished();
    }

    final class Talk {
        private Socket socket;
        private InputStream in;

        private Talk(Socket socket) throws IOException {
            this.socket = socket;
            this.in = new java.io.BufferedInputStream(socket.getInputStream());
        }

        /** The server's side of a TLS handshake; from here on everything is encrypted. */
        SSLSession encrypt(SSLContext context) throws IOException {
            SSLSocket encrypted = (SSLSocket) context.getSocketFactory().createSocket(socket, null, socket.getPort(),
                    true);
            encrypted.setUseClientMode(false);
            encrypted.startHandshake();
            socket = encrypted;
            in = new java.io.BufferedInputStream(encrypted.getInputStream());
            return encrypted.getSession();
        }

        InetAddress client() {
            return socket.getInetAddress();
        }

        /** Each argument is one line. */
        void say(String... lines) throws IOException {
            raw(String.join("\r\n", lines) + "\r\n");
        }

        /** One write, one segment. */
        void raw(String s) throws IOException {
            socket.getOutputStream().write(s.getBytes(StandardCharsets.UTF_8));
            socket.getOutputStream().flush();
        }

        void expect(String... lines) throws IOException {
            for (String expected : lines) {
                String line = line();
                if (!line.equals(expected))
                    throw new AssertionError("expected `" + expected + "`, client says `" + line + "`");
            }
        }

        String line() throws IOException {
            ByteArrayOutputStream line = new ByteArrayOutputStream();
            for (int c = in.read(); c != '\n'; c = in.read()) {
                if (c < 0)
                    throw new EOFException("client closed after `" + line + "`");
                line.write(c);
            }
            String s = line.toString(StandardCharsets.UTF_8);
            if (!s.endsWith("\r"))
                throw new AssertionError("bare LF in `" + s + "`");
            return s.substring(0, s.length() - 1);
        }

        /** Greeting and EHLO. */
        void hello(String... extensions) throws IOException {
            say("220 mx.example ESMTP");
            expect("EHLO out.example");
            List<String> lines = new ArrayList<>();
            lines.add("250-mx.example");
            for (String e : extensions)
                lines.add("250-" + e);
            lines.set(lines.size() - 1, lines.getLast().replaceFirst("-", " "));
            say(lines.toArray(String[]::new));
        }

        /** Message data up to the lone dot, dots taken away; CRLF line ends only. */
        byte[] data() throws IOException {
            ByteArrayOutputStream data = new ByteArrayOutputStream();
            ByteArrayOutputStream line = new ByteArrayOutputStream();
            for (int last = 0;;) {
                int c = in.read();
                if (c < 0)
                    throw new EOFException("client closed in data");
                line.write(c);
                if (c == '\n' && last == '\r') {
                    byte[] l = line.toByteArray();
                    if (l.length == 3 && l[0] == '.')
                        return data.toByteArray();
                    data.write(l, l[0] == '.' ? 1 : 0, l[0] == '.' ? l.length - 1 : l.length);
                    line.reset();
                }
                last = c;
            }
        }

        /** Reads so many bytes and forgets them. */
        void skip(long n) throws IOException {
            in.skipNBytes(n);
        }

        /** The client has nothing more to say and has closed. */
        void expectClose() throws IOException {
            int c;
            try {
                c = in.read();
            } catch (java.net.SocketException e) {
                return;
            }
            if (c >= 0)
                throw new AssertionError("expected close, client says `" + (char) c + line() + "`");
        }

        /** Reads whatever comes until the client closes. */
        void drain() throws IOException {
            in.transferTo(java.io.OutputStream.nullOutputStream());
        }

        /** The same, however it closes. */
        void drainAny() {
            try {
                drain();
            } catch (IOException _) {
                // closed
            }
        }

        /** The next line, or what came of one; null at the end. */
        String rest() throws IOException {
            ByteArrayOutputStream line = new ByteArrayOutputStream();
            int c = in.read();
            for (; c >= 0 && c != '\n'; c = in.read())
                line.write(c);
            return c < 0 && line.size() == 0 ? null : line.toString(StandardCharsets.ISO_8859_1);
        }

        void quit() throws IOException {
            expect("QUIT");
            say("221 bye");
            expectClose();
        }

        /** Says nothing until the test releases the peer. */
        void silence() throws InterruptedException {
            if (!released.await(10, TimeUnit.SECONDS))
                throw new AssertionError("never released");
        }

        /** Closes with a reset instead of an orderly end. */
        void reset() throws IOException {
            socket.setSoLinger(true, 0);
            socket.close();
        }
    }
}
