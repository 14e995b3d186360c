/**
 * YAML with places: which key stands where, what is wrong with it, and what the operator should do. Read {@link
 * org.caravanmta.config.yaml.Block}, {@link org.caravanmta.config.yaml.Key} and {@link
 * org.caravanmta.config.yaml.Problems} first. Knows how values are written, but no directive by name.
 */
package org.caravanmta.config.yaml;
