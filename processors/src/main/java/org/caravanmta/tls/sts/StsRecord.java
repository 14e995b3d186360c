package org.caravanmta.tls.sts;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The TXT record at {@code _mta-sts.DOMAIN}, which says that there is a policy, and when it is another one. */
final class StsRecord {

    private static final Pattern OURS = Pattern.compile("v=STSv1[ \t]*;.*", Pattern.DOTALL);
    private static final Pattern DELIMITER = Pattern.compile("[ \t]*;[ \t]*");
    private static final Pattern ID = Pattern.compile("id=([A-Za-z0-9]{1,32})");
    private static final Pattern EXTENSION = Pattern
            .compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,31}=[\\x21-\\x3a\\x3c\\x3e-\\x7e]+");

    private StsRecord() {
    }

    /**
     * The id of the policy (RFC 8461 §3.1).
     *
     * @param texts the TXT records of the name, each one's strings put together; others than ours do not matter
     * @return null when there is not exactly one record of ours, or it is malformed: then there is no policy
     */
    static String id(List<String> texts) {
        List<String> ours = texts.stream().filter(t -> OURS.matcher(t).matches()).toList();
        if (ours.size() != 1)
            return null;
        String[] fields = DELIMITER.split(ours.getFirst().stripTrailing());
        String id = null;
        for (int i = 1; i < fields.length; i++) {
            Matcher m = ID.matcher(fields[i]);
            if (m.matches() && id == null)
                id = m.group(1);
            else if (fields[i].startsWith("id=") || !EXTENSION.matcher(fields[i]).matches())
                return null;
        }
        return id;
    }
}
