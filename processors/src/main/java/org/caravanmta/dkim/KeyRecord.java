package org.caravanmta.dkim;

import java.security.PublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The TXT record of a key (RFC 6376 §3.6.1, RFC 8463 §4). */
public final class KeyRecord {

    private static final int ED25519_BYTES = 32;
    private static final int STRING_BYTES = 255;

    private KeyRecord() {
    }

    /** Where it is published. */
    public static String name(String selector, String domain) {
        return selector + "._domainkey." + domain;
    }

    /** What is to be published. */
    public static String text(PublicKey key) {
        return "v=DKIM1; k=" + kind(key) + "; p=" + Base64.getEncoder().encodeToString(bytes(key));
    }

    /** The same as it stands in a zone file: strings of at most 255 bytes. */
    public static String zoneLine(String selector, String domain, PublicKey key) {
        StringBuilder b = new StringBuilder(name(selector, domain)).append(". IN TXT (");
        String text = text(key);
        for (int i = 0; i < text.length(); i += STRING_BYTES)
            b.append(" \"").append(text, i, Math.min(text.length(), i + STRING_BYTES)).append('"');
        return b.append(" )").toString();
    }

    private static String kind(PublicKey key) {
        return key instanceof RSAPublicKey ? "rsa" : "ed25519";
    }

    private static byte[] bytes(PublicKey key) {
        byte[] whole = key.getEncoded();
        return key instanceof RSAPublicKey ? whole
                : Arrays.copyOfRange(whole, whole.length - ED25519_BYTES, whole.length);
    }

    /**
     * Why receivers would not take signatures of this key.
     *
     * @param published the TXT records of its name
     * @return null when they would
     */
    public static String objection(PublicKey key, List<String> published) {
        List<String> records = published.stream().filter(t -> !t.isBlank()).toList();
        if (records.isEmpty())
            return "nothing is published";
        if (records.size() > 1)
            return records.size() + " records are published: receivers may take any of them";
        Map<String, String> tags = tags(records.getFirst());
        if (tags == null)
            return "what is published is no list of tags";
        if (tags.containsKey("v") && !tags.get("v").equals("DKIM1"))
            return "v=" + tags.get("v") + " is published, which is not DKIM1";
        if (!tags.containsKey("p"))
            return "what is published has no key (p=)";
        if (tags.get("p").isEmpty())
            return "the key is published as withdrawn (p= is empty)";
        if (!tags.getOrDefault("k", "rsa").equals(kind(key)))
            return "a key of kind " + tags.getOrDefault("k", "rsa") + " is published, this one is " + kind(key);
        if (!same(tags.get("p"), key))
            return "another key is published";
        if (tags.containsKey("h") && !has(tags.get("h"), "sha256"))
            return "h=" + tags.get("h") + " is published, which excludes sha256";
        if (tags.containsKey("s") && !has(tags.get("s"), "*") && !has(tags.get("s"), "email"))
            return "s=" + tags.get("s") + " is published, which excludes email";
        return has(tags.getOrDefault("t", ""), "y")
                ? "t=y is published: receivers treat signed mail as unsigned while you are testing" : null;
    }

    private static boolean same(String base64, PublicKey key) {
        try {
            return Arrays.equals(Base64.getDecoder().decode(base64), bytes(key));
        } catch (IllegalArgumentException _) {
            return false;
        }
    }

    private static boolean has(String list, String item) {
        return Arrays.asList(list.toLowerCase(Locale.ROOT).split(":")).contains(item);
    }

    /** Values without blanks, by name; null when it is no such list. */
    private static Map<String, String> tags(String text) {
        Map<String, String> tags = new HashMap<>();
        for (String tag : text.split(";")) {
            int equals = tag.indexOf('=');
            if (equals < 0 && !tag.isBlank())
                return null;
            if (equals > 0 && tags.put(tag.substring(0, equals).strip(),
                    tag.substring(equals + 1).replaceAll("\\s", "")) != null)
                return null;
        }
        return tags;
    }
}
