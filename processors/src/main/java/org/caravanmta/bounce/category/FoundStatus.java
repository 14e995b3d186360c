package org.caravanmta.bounce.category;

import org.caravanmta.smtp.EnhancedStatusCode;

/** Finds an enhanced status within a text: {@code (#5.1.1)}, {@code [5.7.1]}. Parts of addresses and versions are none. */
final class FoundStatus {

    private FoundStatus() {
    }

    /** @param classCode the class that the basic code asks for; any when it is not 4 or 5 */
    static EnhancedStatusCode in(String text, int classCode) {
        for (int i = text.indexOf('.'); i >= 0; i = text.indexOf('.', i + 1)) {
            int start = i - 1;
            if (start < 0 || start > 0 && partOfWord(text.charAt(start - 1)))
                continue;
            int end = end(text, start);
            if (end < 0)
                continue;
            EnhancedStatusCode found = parse(text, start, end);
            if (found.classCode() != 2 && (classCode < 4 || found.classCode() == classCode))
                return found;
        }
        return null;
    }

    private static boolean partOfWord(char c) {
        return Character.isLetterOrDigit(c) || c == '.' || c == '-' || c == '_';
    }

    /** First index behind a status at {@code from}; −1 when there is none. */
    static int end(String s, int from) {
        if (from >= s.length() || s.charAt(from) != '2' && s.charAt(from) != '4' && s.charAt(from) != '5')
            return -1;
        int i = number(s, number(s, from + 1));
        if (i < 0 || i < s.length() && Character.isLetterOrDigit(s.charAt(i)))
            return -1;
        return i + 1 < s.length() && s.charAt(i) == '.' && Character.isLetterOrDigit(s.charAt(i + 1)) ? -1 : i;
    }

    /** Behind a dot and one to three digits; −1 when they are not there. */
    private static int number(String s, int from) {
        if (from < 0 || from >= s.length() || s.charAt(from) != '.')
            return -1;
        int i = from + 1;
        while (i < s.length() && i < from + 4 && s.charAt(i) >= '0' && s.charAt(i) <= '9')
            i++;
        return i > from + 1 ? i : -1;
    }

    static EnhancedStatusCode parse(String s, int from, int to) {
        int dot = s.indexOf('.', from + 2);
        return new EnhancedStatusCode(s.charAt(from) - '0', Integer.parseInt(s, from + 2, dot, 10),
                Integer.parseInt(s, dot + 1, to, 10));
    }
}
