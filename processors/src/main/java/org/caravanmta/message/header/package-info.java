/**
 * Message header fields as raw bytes: found, read, taken out and put in front without touching any other byte. Read
 * {@link org.caravanmta.message.header.HeaderFields}, then {@link org.caravanmta.message.header.OwnHeaders}. Must not
 * know SMTP, connections or MIME.
 */
package org.caravanmta.message.header;
