package org.caravanmta.report;

import java.io.IOException;
import java.io.StringWriter;

import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/** XML 1.0; characters that it cannot carry become question marks. */
final class XmlReport {

    private XmlReport() {
    }

    static void write(Report r, Appendable out) throws IOException {
        StringWriter text = new StringWriter();
        try {
            XMLStreamWriter x = XMLOutputFactory.newDefaultFactory().createXMLStreamWriter(text);
            x.writeStartDocument("UTF-8", "1.0");
            x.writeCharacters("\n");
            x.writeStartElement("report");
            x.writeAttribute("title", clean(r.title()));
            x.writeAttribute("period", r.period());
            x.writeAttribute("records", Long.toString(r.records()));
            line(x, "all", null, r.all(), false);
            for (Report.Table t : r.tables()) {
                x.writeCharacters("\n");
                x.writeStartElement("table");
                x.writeAttribute("by", t.dimension().word());
                for (Report.Line l : t.lines())
                    line(x, "line", l.name(), l.tally(), l.others());
                x.writeEndElement();
            }
            for (Report.Reasons s : r.reasons())
                reasons(x, s);
            for (String note : r.notes()) {
                x.writeCharacters("\n");
                x.writeStartElement("note");
                x.writeCharacters(clean(note));
                x.writeEndElement();
            }
            x.writeCharacters("\n");
            x.writeEndElement();
            x.writeEndDocument();
        } catch (XMLStreamException e) {
            throw new IOException(e);
        }
        out.append(text.getBuffer()).append('\n');
    }

    private static void line(XMLStreamWriter x, String element, String name, Tally t, boolean others)
            throws XMLStreamException {
        x.writeCharacters("\n");
        x.writeEmptyElement(element);
        if (name != null)
            x.writeAttribute("name", clean(name));
        if (others)
            x.writeAttribute("others", "yes");
        for (ReportColumn c : ReportColumn.ALL) {
            String value = c.of(t);
            if (value != null)
                x.writeAttribute(c.name(), value);
        }
    }

    private static void reasons(XMLStreamWriter x, Report.Reasons s) throws XMLStreamException {
        x.writeCharacters("\n");
        x.writeStartElement(s.id());
        x.writeAttribute("others", Long.toString(s.others()));
        for (Replies.Reply p : s.replies()) {
            x.writeCharacters("\n");
            x.writeEmptyElement("reply");
            x.writeAttribute("count", Long.toString(p.count()));
            x.writeAttribute("category", clean(p.category()));
            x.writeAttribute("pattern", clean(p.pattern()));
            x.writeAttribute("sample", clean(p.sample()));
            x.writeAttribute("host", clean(p.host()));
        }
        x.writeEndElement();
    }

    private static String clean(String text) {
        return Figures.printable(text).replace('\ufffe', '?').replace('\uffff', '?');
    }
}
