package org.caravanmta.config;

import java.util.List;

import org.caravanmta.config.dkim.DkimSettings;

/**
 * Settings by destination pattern. Immutable; asked from any thread, as often as wanted: answers are cached.
 */
public interface Domains {

    /**
     * The effective settings of a destination: patterns merged from general to specific over the defaults. Equal
     * settings are the same object.
     *
     * @param domain a domain in any case, or an address literal
     */
    DomainSettings settings(String domain);

    /**
     * What becomes of mail for a destination before it is queued; {@link Reroute#NONE} where nothing does.
     *
     * @param domain as in {@link #settings}
     */
    default Reroute reroute(String domain) {
        return Reroute.NONE;
    }

    /**
     * How mail for a destination is signed. Equal settings are the same object.
     *
     * @param domain as in {@link #settings}
     */
    default DkimSettings dkim(String domain) {
        return DkimSettings.OFF;
    }

    /** This layer over a more general one: whatever this one says wins, however specific the other is. */
    Domains over(Domains general);

    /** The patterns as written in normal form, in file order, the most general layer first; for people. */
    default List<String> patterns() {
        return List.of();
    }

    /**
     * @param queueTo    the domain whose queue is meant; null for the destination's own
     * @param virtualMta the VirtualMTA that is to be used instead; null for the chosen one
     */
    record Reroute(String queueTo, String virtualMta) {
        public static final Reroute NONE = new Reroute(null, null);
    }

    /** A layer that says nothing: every destination has the defaults. */
    static Domains none() {
        return DomainLayers.NONE;
    }
}
