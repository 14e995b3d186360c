package org.caravanmta.accounting;

import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;

import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

import org.caravanmta.config.accounting.RecordFields;

/**
 * Records as XML 1.0 by {@code accounting.xsd}: an element for each field that the record has. XML 1.0 cannot carry most
 * control characters: an element that holds one has {@code escaped="yes"}, and in it {@code \\uXXXX} stands for such a
 * character and {@code \\\\} for a backslash.
 */
final class XmlFormat extends RecordFormat {

    static final String NAMESPACE = "urn:caravanmta:accounting:1";

    private final Writer text = new OutputStreamWriter(out, StandardCharsets.UTF_8);
    private final XMLStreamWriter xml;
    private final byte[] head;

    XmlFormat(Columns columns) throws IOException {
        super(columns);
        try {
            xml = XMLOutputFactory.newDefaultFactory().createXMLStreamWriter(text);
            xml.writeStartDocument("UTF-8", "1.0");
            xml.writeCharacters("\n");
            xml.setDefaultNamespace(NAMESPACE);
            xml.writeStartElement(NAMESPACE, "accounting");
            xml.writeDefaultNamespace(NAMESPACE);
            xml.writeCharacters("\n");
        } catch (XMLStreamException e) {
            throw new IOException(e);
        }
        head = take();
    }

    @Override
    byte[] head() {
        return head.clone();
    }

    @Override
    byte[] tail() {
        return "</accounting>\n".getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    void add(AccountingRecord r, long number) throws IOException {
        try {
            xml.writeStartElement(NAMESPACE, "record");
            xml.writeAttribute("type", r.type().word());
            for (int i = 1; i < columns.count(); i++) {
                String value = columns.value(i, r, number);
                if (value != null)
                    element(columns.names().get(i), value);
            }
            xml.writeEndElement();
            xml.writeCharacters("\n");
        } catch (XMLStreamException e) {
            throw new IOException(e);
        }
    }

    private void element(String column, String value) throws XMLStreamException {
        if (column.startsWith(RecordFields.HEADER)) {
            xml.writeStartElement(NAMESPACE, "header");
            xml.writeAttribute("name", column.substring(RecordFields.HEADER.length()));
        } else {
            xml.writeStartElement(NAMESPACE, column);
        }
        if (carried(value)) {
            characters(value);
        } else {
            xml.writeAttribute("escaped", "yes");
            characters(escaped(value));
        }
        xml.writeEndElement();
    }

    /** A parser takes CR for a line end unless it is written as a reference (XML 1.0 §2.11). */
    private void characters(String value) throws XMLStreamException {
        int done = 0;
        for (int cr = value.indexOf('\r'); cr >= 0; cr = value.indexOf('\r', done)) {
            xml.writeCharacters(value.substring(done, cr));
            xml.writeEntityRef("#xD");
            done = cr + 1;
        }
        xml.writeCharacters(done == 0 ? value : value.substring(done));
    }

    private static boolean carried(String value) {
        for (int i = 0; i < value.length(); i++)
            if (!carried(value.charAt(i)))
                return false;
        return true;
    }

    /** XML 1.0 §2.2; surrogates come in pairs here. */
    private static boolean carried(char c) {
        return c >= ' ' && c < '\ufffe' || c == '\t' || c == '\n' || c == '\r';
    }

    private static String escaped(String value) {
        StringBuilder b = new StringBuilder(value.length() + 16);
        for (char c : value.toCharArray()) {
            if (c == '\\')
                b.append("\\\\");
            else if (carried(c))
                b.append(c);
            else
                b.append(String.format("\\u%04x", (int) c));
        }
        return b.toString();
    }

    @Override
    void flush() throws IOException {
        try {
            xml.flush();
            text.flush();
        } catch (XMLStreamException e) {
            throw new IOException(e);
        }
    }
}
