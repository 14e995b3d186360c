import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

import org.caravanmta.config.dkim.DkimSettings;
import org.caravanmta.config.dkim.DkimSettings.Algorithm;
import org.caravanmta.config.dkim.DkimSettings.Canonicalization;
import org.caravanmta.config.dkim.DkimSettings.Sign;
import org.caravanmta.config.dkim.DkimSettings.Signature;
import org.caravanmta.config.dkim.SignedHeaders;
import org.caravanmta.config.dkim.SigningIdentity;
import org.caravanmta.config.dkim.SigningKey;
import org.caravanmta.config.dkim.SigningKeys;
import org.caravanmta.dkim.CryptoProvider;
import org.caravanmta.dkim.DkimSigner;
import org.caravanmta.dkim.SigningInput;
import org.caravanmta.message.MessageContent;

/** Microseconds that one thread needs to sign one message, header search and body hash included. */
public class DkimBench {

    private static final long NANOS = 1_500_000_000L;

    public static void main(String[] args) throws Exception {
        System.out.printf("%-34s %-16s %8s %10s%n", "provider", "key", "message", "us each");
        for (Supplier<CryptoProvider> crypto : List.<Supplier<CryptoProvider>>of(CryptoProvider::jdk,
                CryptoProvider::fastest))
            for (String kind : List.of("RSA 1024", "RSA 2048", "RSA 4096", "Ed25519"))
                for (int size : kind.equals("RSA 2048") || kind.equals("Ed25519") ? new int[] { 2048, 102_400 }
                        : new int[] { 2048 })
                    System.out.printf("%-34s %-16s %8d %10.1f%n", crypto.get(), kind, size, measure(crypto, kind, size));
    }

    private static double measure(Supplier<CryptoProvider> crypto, String kind, int size) throws Exception {
        boolean rsa = kind.startsWith("RSA");
        KeyPairGenerator g = KeyPairGenerator.getInstance(rsa ? "RSA" : kind);
        if (rsa)
            g.initialize(Integer.parseInt(kind.substring(4)));
        KeyPair pair = g.generateKeyPair();
        SigningKeys keys = new SigningKeys(List.of(new SigningKey("s", "example.com", "", pair.getPrivate(),
                pair.getPublic())), Map.of(), Map.of());
        DkimSettings settings = new DkimSettings(Sign.YES, new Signature(
                new SigningIdentity(SigningIdentity.Kind.FROM, "", null), null, SignedHeaders.USUAL,
                List.of("from", "to", "subject", "date", "reply-to", "mime-version", "content-type",
                        "content-transfer-encoding"),
                rsa ? Algorithm.RSA_SHA256 : Algorithm.ED25519_SHA256, Canonicalization.RELAXED,
                Canonicalization.RELAXED, true, Duration.ZERO), null);
        byte[] message = message(size);
        DkimSigner signer = new DkimSigner(crypto);
        double us = 0;
        for (int round = 0; round < 3; round++) { // the last one counts
            int n = 0;
            long begin = System.nanoTime();
            for (; System.nanoTime() - begin < NANOS; n++)
                signer.sign(new SigningInput(new MessageContent.Inline(message), n, null), settings, keys, "v", null);
            us = (System.nanoTime() - begin) / 1000.0 / n;
        }
        return us;
    }

    private static byte[] message(int size) {
        StringBuilder b = new StringBuilder("Received: from client (client [127.0.0.1])\r\n\tby gw with ESMTP id x;\r\n"
                + "\tWed, 25 Nov 2026 01:00:00 +0000\r\nFrom: Sender <sender@example.com>\r\nTo: you@example.net\r\n"
                + "Subject: A message of usual length\r\nDate: Wed, 25 Nov 2026 01:00:00 +0000\r\n"
                + "Message-ID: <1234567890@example.com>\r\nMIME-Version: 1.0\r\nContent-Type: text/plain\r\n\r\n");
        while (b.length() < size)
            b.append("Words of a text that nobody reads, until the end of the line comes.\r\n");
        return b.toString().getBytes(StandardCharsets.US_ASCII);
    }
}
