package org.caravanmta.dkim;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Checks signatures the plain way, on texts, as RFC 6376 §6.1.3 tells it. Shares no code with the signer. */
final class Verifier {

    private final List<String> fields = new ArrayList<>();
    private final String body;

    Verifier(byte[] message) {
        String text = new String(message, StandardCharsets.ISO_8859_1);
        int end = text.startsWith("\r\n") ? 0 : text.indexOf("\r\n\r\n") + 2;
        if (end == 1)
            throw new IllegalArgumentException("no blank line");
        for (String line : text.substring(0, end).split("(?<=\r\n)(?![ \t])"))
            if (!line.isEmpty())
                fields.add(line);
        body = text.substring(end + 2);
    }

    /** The DKIM-Signature fields, from the top. */
    List<String> signatures() {
        return fields.stream().filter(f -> f.toLowerCase().startsWith("dkim-signature:")).toList();
    }

    static Map<String, String> tags(String field) {
        Map<String, String> tags = new LinkedHashMap<>();
        for (String tag : field.substring(field.indexOf(':') + 1).split(";"))
            if (!tag.isBlank())
                tags.put(tag.substring(0, tag.indexOf('=')).strip(), tag.substring(tag.indexOf('=') + 1).strip());
        return tags;
    }

    boolean valid(String signature, PublicKey key) {
        try {
            Map<String, String> tags = tags(signature);
            String[] canon = tags.get("c").split("/");
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            byte[] bodyHash = sha.digest(bytes(canon[1].equals("relaxed") ? relaxedBody(body) : simpleBody(body)));
            if (!tags.get("bh").replaceAll("\\s", "").equals(Base64.getEncoder().encodeToString(bodyHash)))
                return false;
            byte[] header = bytes(header(signature, tags, canon[0].equals("relaxed")));
            boolean ed = tags.get("a").equals("ed25519-sha256");
            Signature s = Signature.getInstance(ed ? "Ed25519" : "SHA256withRSA");
            s.initVerify(key);
            s.update(ed ? sha.digest(header) : header);
            return s.verify(Base64.getDecoder().decode(tags.get("b").replaceAll("\\s", "")));
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private String header(String signature, Map<String, String> tags, boolean relaxed) {
        List<String> left = new ArrayList<>(fields);
        StringBuilder b = new StringBuilder();
        for (String name : tags.get("h").split(":"))
            for (int i = left.size() - 1; i >= 0; i--)
                if (left.get(i).substring(0, left.get(i).indexOf(':')).strip().equalsIgnoreCase(name.strip())) {
                    String field = left.remove(i);
                    b.append(relaxed ? relaxedField(field) : field);
                    break;
                }
        String unsigned = signature.replaceFirst("([;\\s:]b[ \t]*=)[^;]*", "$1").stripTrailing();
        return b.append(relaxed ? relaxedField(unsigned).stripTrailing() : unsigned).toString();
    }

    static String relaxedField(String field) {
        String name = field.substring(0, field.indexOf(':')).stripTrailing().toLowerCase();
        String value = field.substring(field.indexOf(':') + 1).replace("\r\n", "").replaceAll("[ \t]+", " ");
        return name + ":" + value.strip() + "\r\n";
    }

    static String relaxedBody(String body) {
        StringBuilder b = new StringBuilder();
        for (String line : body.split("\r\n", -1))
            b.append(line.replaceAll("[ \t]+", " ").replaceFirst(" $", "")).append("\r\n");
        String all = b.toString().replaceFirst("(\r\n)+$", "");
        return all.isEmpty() ? "" : all + "\r\n";
    }

    static String simpleBody(String body) {
        return body.replaceFirst("(\r\n)*$", "") + "\r\n";
    }

    private static byte[] bytes(String s) {
        return s.getBytes(StandardCharsets.ISO_8859_1);
    }
}
