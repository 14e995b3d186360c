package org.caravanmta.config;

import java.util.List;

/**
 * VirtualMTAs that share mail, by weight.
 *
 * @param name    unique among pools and VirtualMTAs
 * @param members at least one, each once
 * @param sticky  null when mail goes round robin
 * @param domains settings by destination that hold for every member below its own
 * @param limits  what all its members together may use
 */
public record VirtualMtaPool(String name, List<Member> members, Sticky sticky, Domains domains,
        VirtualMta.Limits limits) {

    /** @param weight its share of the mail, from 1 */
    public record Member(String virtualMta, int weight) {

        @Override
        public String toString() {
            return weight == 1 ? virtualMta : virtualMta + " " + weight;
        }
    }

    /**
     * Mail of equal value stays with one member.
     *
     * @param header the header field that holds the value; null means the recipient
     */
    public record Sticky(String header) {

        public boolean byRecipient() {
            return header == null;
        }

        @Override
        public String toString() {
            return byRecipient() ? "rcpt-to" : "header " + header;
        }
    }
}
