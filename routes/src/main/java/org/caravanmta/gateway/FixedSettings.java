package org.caravanmta.gateway;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import org.caravanmta.config.CaravanConfig;

/** What a gateway is built around: another value needs another start. */
final class FixedSettings {

    private FixedSettings() {
    }

    /** What differs, each with its remedy; empty when all of it may be taken over. */
    static List<String> changed(CaravanConfig now, CaravanConfig next) {
        List<String> changed = new ArrayList<>();
        compare(changed, "broker", now.broker().fixed(), next.broker().fixed());
        compare(changed, "dnssec-trust-anchors", now.policyTrust().dnssecTrustAnchors(),
                next.policyTrust().dnssecTrustAnchors());
        compare(changed, "mta-sts-ca-file", now.policyTrust().mtaStsAuthorities(),
                next.policyTrust().mtaStsAuthorities());
        return changed;
    }

    private static void compare(List<String> changed, String directive, Object now, Object next) {
        if (!Objects.equals(now, next))
            changed.add(
                    directive + " is changed, which needs a restart; nothing was taken over: restart, or put it back "
                            + "and reload");
    }
}
