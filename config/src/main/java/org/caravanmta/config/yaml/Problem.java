package org.caravanmta.config.yaml;

/**
 * One mistake of an operator, with its place and its remedy.
 *
 * @param line   from 1
 * @param column from 1, in characters
 */
public record Problem(String file, int line, int column, String found, String expected, String hint) {

    /** One line: {@code file:line:column: found …, expected …, hint: …}. */
    @Override
    public String toString() {
        return file + ":" + line + ":" + column + ": found " + found + ", expected " + expected + ", hint: " + hint;
    }
}
