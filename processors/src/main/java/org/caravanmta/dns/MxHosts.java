package org.caravanmta.dns;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;

import org.caravanmta.config.MxRollup;

/**
 * The hosts in the MX records of a domain by name, whether they have addresses or not. Made once for each answer.
 *
 * @param lowest those of the lowest preference, in lower case, sorted
 * @param others all others, sorted
 * @param rollup the name of the queue of all domains that have the same {@code lowest}; null when the names are none
 */
public record MxHosts(List<String> lowest, List<String> others, String rollup) {

    /** RFC 1035 §2.3.4. */
    private static final int LONGEST_NAME = 253;
    private static final Pattern NAME = Pattern.compile("[a-z0-9_-]+(\\.[a-z0-9_-]+)+");

    /** @param host in lower case, without a dot at the end */
    public record Mx(String host, int preference) {
    }

    /** @param records at least one */
    public static MxHosts of(List<Mx> records) {
        int best = records.stream().mapToInt(Mx::preference).min().orElse(0);
        TreeSet<String> lowest = new TreeSet<>();
        TreeSet<String> others = new TreeSet<>();
        for (Mx r : records)
            (r.preference() == best ? lowest : others).add(r.host());
        others.removeAll(lowest);
        return new MxHosts(List.copyOf(lowest), List.copyOf(others), rollup(List.copyOf(lowest)));
    }

    public boolean names(String host) {
        return lowest.contains(host) || others.contains(host);
    }

    /**
     * {@code HOST.rollup} for one host. For several the first one by alphabet, with a digest of all of them in front:
     * so {@code [*.]HOST.rollup} finds every rollup that begins with this host, and other hosts make another name.
     */
    private static String rollup(List<String> hosts) {
        if (hosts.isEmpty() || !hosts.stream().allMatch(h -> NAME.matcher(h).matches()))
            return null;
        String name = (hosts.size() == 1 ? "" : "mx-" + digest(hosts) + ".") + hosts.getFirst() + MxRollup.SUFFIX;
        return name.length() > LONGEST_NAME ? null : name;
    }

    private static String digest(List<String> hosts) {
        try {
            byte[] all = String.join(" ", hosts).getBytes(StandardCharsets.US_ASCII);
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(all), 0, 4);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
