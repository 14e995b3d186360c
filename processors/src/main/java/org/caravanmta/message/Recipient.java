package org.caravanmta.message;

/**
 * One forward-path of a message.
 *
 * @param address as the client wrote it, without angle brackets
 * @param orcpt   the ORCPT parameter, still xtext-encoded; null when there was none
 * @param notification the NOTIFY parameter; null when there was none
 */
public record Recipient(String address, String orcpt, Notify notification) {

    public Recipient(String address, String orcpt) {
        this(address, orcpt, null);
    }

    public Recipient(String address) {
        this(address, null);
    }

    /** The part behind the last {@code @}, as written; an empty string when there is none. */
    public String domain() {
        int at = address.lastIndexOf('@');
        return at < 0 ? "" : address.substring(at + 1);
    }
}
