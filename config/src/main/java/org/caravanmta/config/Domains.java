package org.caravanmta.config;

/** Settings by destination pattern. Helper contract: to be completed by the config room. */
public interface Domains {

    /** The effective settings of a destination: patterns merged from general to specific over the defaults. */
    DomainSettings settings(String domain);

    /** This layer over a more general one. */
    Domains over(Domains general);
}
